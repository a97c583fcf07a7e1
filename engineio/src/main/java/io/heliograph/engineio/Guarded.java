package io.heliograph.engineio;

/** Runs code whose failure must not keep what comes behind it from running. Safe from any thread. */
final class Guarded {
    private static final System.Logger LOG = System.getLogger(Guarded.class.getName());

    private Guarded() {}

    /** Runs {@code task}; what it throws is logged as a failure of {@code what}. */
    static void run(String what, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            LOG.log(System.Logger.Level.ERROR, what + " failed", failure);
        }
    }
}
