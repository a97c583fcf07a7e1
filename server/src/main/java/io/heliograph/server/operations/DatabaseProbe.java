package io.heliograph.server.operations;

/** Checks the database for {@code /health/ready}. Blocks; safe from any thread. */
@FunctionalInterface
public interface DatabaseProbe {

    /**
     * Whether the database answers and takes writes; false when it only reads, such as a hot standby.
     *
     * @throws RuntimeException when it does not answer
     */
    boolean isWritable();
}
