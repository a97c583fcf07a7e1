package io.heliograph.server.identity;

import io.heliograph.eventlog.Ticker;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.identity.Revocation.KeyEnds;
import io.heliograph.server.identity.Revocation.KeyRevoked;
import io.heliograph.server.identity.Revocation.MemberRemoved;
import io.heliograph.server.identity.Revocation.RoleChanged;
import io.heliograph.server.identity.Revocation.SessionEnded;
import io.heliograph.server.identity.Revocation.TokenRevoked;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Revocations as rows of the database, written by the transaction that revokes. The table is authoritative: each node
 * polls it twice a second, so that no node depends on a message that may be lost. Revocations by this node are reported
 * at once, after the commit.
 *
 * <p>Rows are read by their time with an overlap of {@link #OVERLAP}, because a row with an earlier time may be
 * committed after one with a later time; reported revocations are remembered for that long. Only the database's clock
 * is used.
 *
 * <p>A revocation that a listener failed on is reported again by the next polls, for the length of the overlap. An
 * entry of an unknown kind, such as one of a newer version, does not prevent the others from being reported.
 */
final class RevocationFeed implements Revocations, AutoCloseable {
    static final Duration PERIOD = Duration.ofMillis(500);
    private static final long OVERLAP = Duration.ofSeconds(15).toMillis();
    private static final Logger LOG = LoggerFactory.getLogger(RevocationFeed.class);

    private final JdbcClient jdbc;
    /** Keyed by a unique object, because one listener may be registered twice. */
    private final Map<Object, Consumer<Revocation>> listeners = new ConcurrentHashMap<>();
    /**
     * Ids of the reported revocations, with the row's time. Written by the reading thread and by committing threads.
     */
    private final Map<String, Long> notified = new ConcurrentHashMap<>();

    private final Ticker clock;
    private final LongAdder failures = new LongAdder();
    private volatile long lastReadNanos;
    /** Only the reading thread accesses these two. */
    private long newest;

    private boolean failing;

    private final ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("revocations").daemon(true).factory());

    /** @param clock for the age of the last reading */
    RevocationFeed(JdbcClient jdbc, Ticker clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.lastReadNanos = clock.nanoTime();
    }

    /** The time since the table was last read; normally at most about {@link #PERIOD}. */
    Duration sinceLastRead() {
        return Duration.ofNanos(clock.nanoTime() - lastReadNanos);
    }

    /** Listeners that failed on a revocation, and entries that could not be understood. */
    long failures() {
        return failures.sum();
    }

    /** Starts polling. Earlier revocations need no report: every later verification sees them in the database. */
    void start() {
        newest = jdbc.sql("select coalesce(max(at), 0) from revocation")
                .query(Long.class)
                .single();
        jdbc.sql("select id, at from revocation where at >= ?")
                .param(newest - OVERLAP)
                .query((row, _) -> notified.put(row.getString(1), row.getLong(2)))
                .list();
        var _ = reader.scheduleWithFixedDelay(
                this::readNew, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Runnable listen(Consumer<Revocation> listener) {
        Object subscription = new Object();
        listeners.put(subscription, listener);
        return () -> listeners.remove(subscription);
    }

    /** Makes {@code revocation} part of the transaction; it is reported after the commit. */
    void publish(Transaction transaction, Revocation revocation) {
        long at = transaction.now().toEpochMilli();
        String id = Ids.next("rev", at);
        Row row = Row.of(revocation);
        Sql.in(transaction)
                .sql("insert into revocation (workspace, id, kind, subject, detail, at) values (?, ?, ?, ?, ?, ?)")
                .params(row.workspace.value(), id, row.kind, row.subject, row.detail, at)
                .update();
        transaction.afterCommit(() -> notifyListeners(new Entry(id, at, row)));
    }

    private void readNew() {
        try {
            jdbc.sql("select id, at, workspace, kind, subject, detail from revocation where at >= ? order by at, id")
                    .param(newest - OVERLAP)
                    .query((row, _) -> new Entry(row.getString(1), row.getLong(2), Row.read(row)))
                    .list()
                    .forEach(entry -> {
                        newest = Math.max(newest, entry.at);
                        notifyListeners(entry);
                    });
            notified.values().removeIf(at -> at < newest - OVERLAP);
            lastReadNanos = clock.nanoTime();
            failing = false;
        } catch (RuntimeException | Error failure) { // the next poll covers what this one missed
            if (!failing) {
                LOG.warn("Revocations cannot be read; trying again every {} ms", PERIOD.toMillis(), failure);
            }
            failing = true;
        }
    }

    private void notifyListeners(Entry entry) {
        if (notified.putIfAbsent(entry.id, entry.at) != null) {
            return;
        }
        if (entry.row.revocation().isEmpty()) {
            failures.increment();
            LOG.error("Revocation {} is of a kind that this version does not know: {}", entry.id, entry.row.kind);
            return;
        }
        Revocation revocation = entry.row.revocation().get();
        boolean taken = true;
        for (Consumer<Revocation> listener : listeners.values()) {
            try {
                listener.accept(revocation);
            } catch (RuntimeException | Error failure) { // one listener's failure must not affect the others
                failures.increment();
                taken = false;
                LOG.error(
                        "A listener failed on {}; it is notified again",
                        revocation.getClass().getSimpleName(),
                        failure);
            }
        }
        if (!taken) {
            notified.remove(entry.id);
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }

    private record Entry(String id, long at, Row row) {}

    /** A revocation as it is stored. */
    private record Row(WorkspaceId workspace, String kind, String subject, String detail) {
        static Row of(Revocation revocation) {
            WorkspaceId workspace = revocation.workspace();
            return switch (revocation) {
                case MemberRemoved removed ->
                    new Row(workspace, "member", removed.memberId().value(), "");
                case RoleChanged changed ->
                    new Row(
                            workspace,
                            "role",
                            changed.memberId().value(),
                            changed.role().wireName());
                case KeyRevoked revoked -> new Row(workspace, "key", revoked.keyId(), "");
                case KeyEnds ends ->
                    new Row(
                            workspace,
                            "key",
                            ends.keyId(),
                            String.valueOf(ends.end().toEpochMilli()));
                case TokenRevoked revoked -> new Row(workspace, "token", revoked.jti(), "");
                case SessionEnded ended -> new Row(workspace, "session", ended.sessionId(), "");
            };
        }

        static Row read(ResultSet row) throws SQLException {
            return new Row(new WorkspaceId(row.getString(3)), row.getString(4), row.getString(5), row.getString(6));
        }

        /** Empty when it is of a kind that this version does not know. */
        Optional<Revocation> revocation() {
            return switch (kind) {
                case "member" -> Optional.of(new MemberRemoved(workspace, new MemberId(subject)));
                case "role" -> Role.parse(detail).map(role -> new RoleChanged(workspace, new MemberId(subject), role));
                case "key" ->
                    Optional.of(
                            detail.isEmpty()
                                    ? new KeyRevoked(workspace, subject)
                                    : new KeyEnds(workspace, subject, Instant.ofEpochMilli(Long.parseLong(detail))));
                case "token" -> Optional.of(new TokenRevoked(workspace, subject));
                case "session" -> Optional.of(new SessionEnded(workspace, subject));
                default -> Optional.empty();
            };
        }
    }
}
