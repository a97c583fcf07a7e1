package io.heliograph.eventlog;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus of several nodes over PostgreSQL's {@code LISTEN} and {@code NOTIFY}: the database that holds the log carries its
 * hints too. It needs the {@code postgresql} driver and {@code jackson-dataformat-cbor} on the class path, and two connections
 * for each node.
 *
 * <p>A notification has less than 8,000 bytes. A hint that is longer goes without its events, and the other nodes read them
 * from the log; a signal that is longer goes in parts. Notifications are sent after the commands' commits, in transactions of
 * their own: PostgreSQL commits transactions with notifications one at a time.
 *
 * <p>This node's own listeners are called on the sender's thread, whether PostgreSQL is available or not; those of other nodes
 * on a thread of the bus. A sender never waits: what is not sent soon is dropped and counted. When a message was lost, the
 * other nodes are notified, at most once a second, so that they compare their feeds with the log at once.
 *
 * <p>Safe from any thread. Any role that may connect to the database can read the messages, and send the nodes its own.
 */
public final class PostgresBus implements Bus {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresBus.class);
    private static final int PINGS_PER_TIMEOUT = 4;
    private static final long MISSED_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_BATCH = 128;
    private static final long FIRST_RETRY_MILLIS = 50;
    private static final int MAX_DOUBLINGS = 10;
    /** What a message takes in memory beside its bytes. */
    private static final int MESSAGE_OVERHEAD = 512;

    private final DataSource source;
    private final PostgresBusSettings settings;
    private final BusMetrics metrics;
    private final Ticker ticker;
    private final long nodeId = new SecureRandom().nextLong();
    private final LocalBus local = new LocalBus();
    private final long pingNanos;
    private final Thread listening =
            Thread.ofPlatform().name("postgres-bus-listen").daemon(true).unstarted(this::listen);
    private final Thread notifying =
            Thread.ofPlatform().name("postgres-bus-notify").daemon(true).unstarted(this::sendQueued);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private final ArrayDeque<Message> queue = new ArrayDeque<>();
    private int queuedBytes;
    private long nextSequence;
    private boolean closing;
    /** A session began, and the notifying thread does not know. */
    private boolean begun;

    /** Set while messages of other nodes arrive and those of this one can be sent. */
    private volatile @Nullable NotificationSession session;
    /** Why the notifying thread closed the session. */
    private volatile @Nullable String lossReason;
    /** When a notification arrived for the last time. */
    private volatile long heardNanos;
    /** Messages of this node were lost, and the others do not know. */
    private volatile boolean missed;

    /** Only the notifying thread touches it. */
    private long missedAtNanos;

    /** Only the listening thread touches them. */
    private final NotificationCodec.Assembly assembly = new NotificationCodec.Assembly();

    private boolean unreachable;

    /** A message as the payloads that it is sent in, and the bytes that it counts for. */
    private record Message(List<String> payloads, int bytes) {}

    private PostgresBus(DataSource source, PostgresBusSettings settings, BusMetrics metrics, Ticker ticker) {
        this.source = source;
        this.settings = settings;
        this.metrics = metrics;
        this.ticker = ticker;
        pingNanos = settings.timeout().dividedBy(PINGS_PER_TIMEOUT).toNanos();
        missedAtNanos = ticker.nanoTime() - MISSED_INTERVAL_NANOS;
    }

    /**
     * Begins to connect; it does not wait for that, nor fail when PostgreSQL is away.
     *
     * @param source a new connection to the log's database each time, none of a pool
     */
    public static PostgresBus open(DataSource source, PostgresBusSettings settings, BusMetrics metrics) {
        return open(source, settings, metrics, Ticker.system());
    }

    static PostgresBus open(DataSource source, PostgresBusSettings settings, BusMetrics metrics, Ticker ticker) {
        PostgresBus bus = new PostgresBus(source, settings, metrics, ticker);
        bus.listening.start();
        bus.notifying.start();
        return bus;
    }

    /**
     * Makes sure that a bus on these connections would work. Blocks until a notification has arrived, or for the timeout.
     *
     * @throws SQLException when it would not, with the reason, such as a pooler in transaction mode
     */
    public static void verify(DataSource source, Duration timeout) throws SQLException {
        NotificationSession.open(source, timeout).close();
    }

    @Override
    public void publish(Hint hint) {
        local.publish(hint);
        byte[] bytes = BusMessageCodec.encode(nodeId, new BusMessage.OfHint(hint));
        send(
                bytes.length <= NotificationCodec.MAX_PART
                        ? bytes
                        : BusMessageCodec.encode(
                                nodeId, new BusMessage.OfHint(new Hint(hint.workspace(), hint.head(), List.of()))));
    }

    @Override
    public void signal(Signal signal) {
        local.signal(signal);
        send(BusMessageCodec.encode(nodeId, new BusMessage.OfSignal(signal)));
    }

    private void send(byte[] bytes) {
        lock.lock();
        try {
            int counted = bytes.length + MESSAGE_OVERHEAD;
            // A message that is larger than the bound is sent alone.
            boolean taken = connected()
                    && !closing
                    && (queuedBytes == 0 || (long) queuedBytes + counted <= settings.queuedBytes());
            if (!taken) {
                dropped();
                return;
            }
            queue.add(message(bytes));
            queuedBytes += counted;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock. */
    private Message message(byte[] bytes) {
        List<String> payloads = NotificationCodec.encode(nodeId, nextSequence, bytes);
        nextSequence += payloads.size();
        return new Message(payloads, bytes.length + MESSAGE_OVERHEAD);
    }

    private void dropped() {
        missed = true;
        metrics.dropped();
    }

    @Override
    public void follow(WorkspaceId workspace) {
        // All workspaces share the channel.
        if (connected()) {
            local.notifyListeners(listener -> listener.followed(workspace));
        }
    }

    @Override
    public void unfollow(WorkspaceId workspace) {
        // All workspaces share the channel.
    }

    @Override
    public boolean connected() {
        return session != null;
    }

    @Override
    public long queuedBytes() {
        lock.lock();
        try {
            return queuedBytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Subscription subscribe(Listener listener) {
        return local.subscribe(listener);
    }

    /** Waits until PostgreSQL has what was sent, if that takes no longer than the timeout, and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        join(notifying);
        NotificationSession last = session;
        if (last != null) {
            last.close();
        }
        // It may be waiting for its next attempt, or for a connection.
        listening.interrupt();
        join(listening);
        local.close();
    }

    private void join(Thread thread) {
        try {
            boolean unused = thread.join(settings.timeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // --- the listening thread: connects, and receives until the session fails ---

    private void listen() {
        int failures = 0;
        while (!isClosing()) {
            try (NotificationSession opened = NotificationSession.open(source, settings.timeout())) {
                failures = 0;
                begin(opened);
                receiveAll(opened);
            } catch (SQLException | RuntimeException failure) {
                logUnreachable(failure);
            } finally {
                end();
            }
            if (!isClosing()) {
                pause(++failures);
            }
        }
    }

    private void begin(NotificationSession opened) {
        assembly.clear();
        heardNanos = ticker.nanoTime();
        session = opened;
        unreachable = false;
        LOG.info("the bus on PostgreSQL is connected");
        // Wakes the other thread, which may have to tell the other nodes what they missed.
        lock.lock();
        try {
            begun = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        local.notifyListeners(Listener::reconnected);
    }

    private void receiveAll(NotificationSession opened) throws SQLException {
        while (session == opened && !isClosed()) {
            for (String payload : opened.receive(settings.timeout())) {
                heardNanos = ticker.nanoTime();
                NotificationCodec.parse(payload).ifPresentOrElse(this::receive, metrics::dropped);
            }
        }
    }

    private void receive(NotificationCodec.Part part) {
        if (part.sender() == nodeId) {
            // What this node says, its listeners know.
            return;
        }
        NotificationCodec.Result result = assembly.add(part);
        if (result.lost()) {
            metrics.dropped();
        }
        result.message()
                .filter(bytes -> bytes.length > 0)
                .ifPresent(bytes -> BusMessageCodec.decode(bytes).ifPresentOrElse(this::receive, metrics::dropped));
    }

    private void receive(BusMessage.Received received) {
        metrics.received();
        switch (received.message()) {
            case BusMessage.OfHint carried -> local.publish(carried.hint());
            case BusMessage.OfSignal carried -> local.signal(carried.signal());
            case BusMessage.Missed ignored -> local.notifyListeners(Listener::reconnected);
        }
    }

    private void end() {
        lock.lock();
        try {
            session = null;
            for (Message message : queue) {
                queuedBytes -= message.bytes();
                dropped();
            }
            queue.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Twice as long after each failure; never quite as long as other nodes, which lost the same database. */
    private void pause(int failures) {
        long millis = Math.min(
                settings.longestRetry().toMillis(), FIRST_RETRY_MILLIS << Math.min(failures - 1, MAX_DOUBLINGS));
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** One line for an outage. */
    private void logUnreachable(Exception failure) {
        if (!isClosing() && !unreachable) {
            unreachable = true;
            String reason = lossReason;
            LOG.warn(
                    "the bus on PostgreSQL is unreachable ({}); until it is back, events of other nodes arrive by the checks"
                            + " of the log's head",
                    (reason == null ? String.valueOf(failure.getMessage()) : reason)
                            .lines()
                            .findFirst()
                            .orElse(""));
        }
        lossReason = null;
    }

    // --- the notifying thread: sends what is queued, and a ping when it has nothing to send ---

    private void sendQueued() {
        NotificationSession last = null;
        long pingedNanos = 0;
        while (!isClosed()) {
            List<Message> batch = take();
            NotificationSession present = session;
            if (present == null) {
                release(batch, false);
                continue;
            }
            long now = ticker.nanoTime();
            List<String> payloads = new ArrayList<>();
            batch.forEach(message -> payloads.addAll(message.payloads()));
            if (missed && now - missedAtNanos >= MISSED_INTERVAL_NANOS) {
                missed = false;
                missedAtNanos = now;
                payloads.addAll(own(BusMessageCodec.encode(nodeId, new BusMessage.Missed())));
            }
            if (present != last || now - pingedNanos >= pingNanos) {
                last = present;
                pingedNanos = now;
                payloads.addAll(own(new byte[0]));
            }
            try {
                if (!payloads.isEmpty()) {
                    present.send(payloads);
                }
                release(batch, true);
                if (ticker.nanoTime() - heardNanos > settings.timeout().toNanos()) {
                    lose(present, "it does not answer");
                }
            } catch (SQLException failure) {
                // Whether it was committed is not known.
                release(batch, false);
                missed = true;
                lose(present, String.valueOf(failure.getMessage()));
            }
        }
    }

    /** Waits until there is something to send or a ping is due. Takes as much as one transaction may carry. */
    private List<Message> take() {
        lock.lock();
        try {
            long nanos = pingNanos;
            while (queue.isEmpty() && !closing && !begun && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            begun = false;
            List<Message> batch = new ArrayList<>();
            while (!queue.isEmpty() && batch.size() < MAX_BATCH) {
                batch.add(queue.remove());
            }
            return batch;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private List<String> own(byte[] bytes) {
        lock.lock();
        try {
            return message(bytes).payloads();
        } finally {
            lock.unlock();
        }
    }

    private void release(List<Message> batch, boolean sent) {
        lock.lock();
        try {
            batch.forEach(message -> queuedBytes -= message.bytes());
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < batch.size(); i++) {
            if (sent) {
                metrics.published();
            } else {
                dropped();
            }
        }
    }

    /** Ends a session. The listening thread notices soon that its connection is closed. */
    private void lose(NotificationSession failed, String reason) {
        lossReason = reason;
        failed.close();
        lock.lock();
        try {
            while (session == failed && !closing) {
                boolean unused = changed.await(1, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** Closing, and nothing waits to be sent. */
    private boolean isClosed() {
        lock.lock();
        try {
            return closing && (queue.isEmpty() || session == null);
        } finally {
            lock.unlock();
        }
    }
}
