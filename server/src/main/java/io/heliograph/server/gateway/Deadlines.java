package io.heliograph.server.gateway;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is to happen to sockets at certain times: one sorted map for all of them, and no timer per socket.
 *
 * <p>Safe from any thread. Somebody calls {@link #runDue} several times a second; actions run on that thread, and must
 * not block.
 */
final class Deadlines {
    private final Clock clock;
    private final ConcurrentSkipListMap<Key, Runnable> actions = new ConcurrentSkipListMap<>();
    private final AtomicLong sequence = new AtomicLong();

    private record Key(Instant at, long number) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    Deadlines(Clock clock) {
        this.clock = clock;
    }

    /** Runs {@code action} at {@code at}, or soon when that is past. Running what is returned takes it back. */
    Runnable add(Instant at, Runnable action) {
        Key key = new Key(at, sequence.incrementAndGet());
        actions.put(key, action);
        return () -> actions.remove(key);
    }

    void runDue() {
        Key now = new Key(clock.instant(), Long.MAX_VALUE);
        for (var due = actions.firstEntry();
                due != null && due.getKey().compareTo(now) <= 0;
                due = actions.firstEntry()) {
            if (actions.remove(due.getKey(), due.getValue())) {
                due.getValue().run();
            }
        }
    }

    int size() {
        return actions.size();
    }
}
