package io.heliograph.spring;

import io.heliograph.eventlog.AppendedEvents;
import io.heliograph.eventlog.Draft;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.WorkspaceId;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Collects the events of each Spring transaction, and appends them as its last statements before the commit. Safe from any
 * thread; what is collected belongs to the thread of its transaction.
 */
final class TransactionEvents implements EventPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionEvents.class);

    private final SqlEventLog log;
    private final DataSource dataSource;
    private final EventEnvelopes envelopes;
    private final Runnable flush;
    private final int maxEvents;

    /**
     * @param dataSource as transaction managers bind their connection to it
     * @param flush writes the rows that an object-relational mapper still holds, so that the head of the log is locked after
     *     them
     * @param maxEvents of one transaction
     */
    TransactionEvents(SqlEventLog log, DataSource dataSource, EventEnvelopes envelopes, Runnable flush, int maxEvents) {
        this.log = log;
        this.dataSource = dataSource;
        this.envelopes = envelopes;
        this.flush = flush;
        this.maxEvents = maxEvents;
    }

    /** Whether the calling thread is in a transaction that Spring manages on this data source. */
    static boolean inTransaction(DataSource dataSource) {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.hasResource(dataSource);
    }

    @Override
    public void append(String workspace, String type, Object data, Recipients recipients) {
        WorkspaceId id = new WorkspaceId(workspace);
        Draft draft = envelopes.draft(type, data, recipients);
        if (!TransactionSynchronizationManager.isSynchronizationActive() || !inTransaction(dataSource)) {
            throw new IllegalStateException("append(\"" + workspace + "\", \"" + type + "\", …) needs an active"
                    + " transaction of the data source that holds the log, so that rows and event are committed"
                    + " together: call it in a method with @Transactional, or in a TransactionTemplate");
        }
        if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            throw new IllegalStateException("append(\"" + workspace + "\", \"" + type
                    + "\", …) is called in a read-only transaction: remove readOnly = true");
        }
        current().add(new Pending(id, draft));
    }

    private Collected current() {
        return TransactionSynchronizationManager.getSynchronizations().stream()
                .filter(each -> each instanceof Collected collected && collected.publisher() == this)
                .map(Collected.class::cast)
                .findFirst()
                .orElseGet(() -> {
                    Collected collected = new Collected();
                    TransactionSynchronizationManager.registerSynchronization(collected);
                    return collected;
                });
    }

    private record Pending(WorkspaceId workspace, Draft draft) {}

    /** The events of one transaction. Used by its thread. */
    private final class Collected implements TransactionSynchronization {
        private final List<Pending> events = new ArrayList<>();
        /** How many events there were at each savepoint. */
        private final IdentityHashMap<Object, Integer> savepoints = new IdentityHashMap<>();

        private final List<AppendedEvents> appended = new ArrayList<>();
        private boolean committing;

        TransactionEvents publisher() {
            return TransactionEvents.this;
        }

        void add(Pending event) {
            if (committing) {
                throw new IllegalStateException("the transaction is being committed: append before its end, or in a"
                        + " transaction of its own (Propagation.REQUIRES_NEW)");
            }
            if (events.size() == maxEvents) {
                throw new IllegalStateException("the transaction has " + maxEvents
                        + " events already (heliograph.max-events-per-transaction): commit between parts of the work");
            }
            events.add(event);
        }

        @Override
        public void savepoint(Object savepoint) {
            savepoints.put(savepoint, events.size());
        }

        @Override
        public void savepointRollback(Object savepoint) {
            // This began after a savepoint that it does not know.
            int kept = savepoints.getOrDefault(savepoint, 0);
            events.subList(kept, events.size()).clear();
        }

        /** Runs after the work of all others that are asked before a commit. */
        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            committing = true;
            if (events.isEmpty()) {
                return;
            }
            flush.run();
            // In the order of the ids, so that two transactions never wait for each other's heads.
            Map<String, List<Draft>> drafts = new TreeMap<>();
            events.forEach(event -> drafts.computeIfAbsent(event.workspace().value(), id -> new ArrayList<>())
                    .add(event.draft()));
            Connection connection = DataSourceUtils.getConnection(dataSource);
            try {
                drafts.forEach(
                        (workspace, some) -> appended.add(log.append(connection, new WorkspaceId(workspace), some)));
            } finally {
                DataSourceUtils.releaseConnection(connection, dataSource);
            }
        }

        @Override
        public void afterCommit() {
            appended.forEach(AppendedEvents::committed);
        }

        @Override
        public void afterCompletion(int status) {
            appended.forEach(AppendedEvents::close);
            if (status == STATUS_COMMITTED && !committing && !events.isEmpty()) {
                LOG.error(
                        "{} events were appended when their transaction was committed already, and are not in the log:"
                                + " append them in a transaction of their own (Propagation.REQUIRES_NEW)",
                        events.size());
            }
        }
    }
}
