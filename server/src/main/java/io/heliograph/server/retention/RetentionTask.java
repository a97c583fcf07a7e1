package io.heliograph.server.retention;

import java.util.function.IntSupplier;

/**
 * Removes one kind of old rows. Several nodes on one database may run the same task at the same time. Called by one
 * thread of each node.
 */
public interface RetentionTask {
    /** Rows that one transaction removes at most, so that commands of the workspace do not wait for long. */
    int STEP = 500;

    /** The name of the rows in logs and metrics: plural, in lower case, with dashes. */
    String rows();

    /** Removes some expired rows in short transactions; returns the number removed, 0 when none are left. */
    int removeSome();

    static RetentionTask of(String rows, IntSupplier removeSome) {
        return new RetentionTask() {
            @Override
            public String rows() {
                return rows;
            }

            @Override
            public int removeSome() {
                return removeSome.getAsInt();
            }
        };
    }
}
