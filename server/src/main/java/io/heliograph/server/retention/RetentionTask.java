package io.heliograph.server.retention;

import java.util.function.IntSupplier;

/**
 * One kind of rows that is removed when it is old. Several nodes on one database may run the same task at the same
 * time. Called by one thread of each node.
 */
public interface RetentionTask {
    /** Rows that one transaction removes at most, so that commands of the workspace do not wait for long. */
    int STEP = 500;

    /** What is removed, as logs and metrics name it: plural, in lower case, with dashes. */
    String rows();

    /** Removes some of what is not kept, in short transactions; returns how many rows, 0 when nothing is left. */
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
