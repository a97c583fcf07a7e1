package io.heliograph.eventlog;

/** Something that goes on until it is closed. Closing is safe from any thread, and more than once. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
