package io.heliograph.engineio;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what one turn of the loop sends, and writes it at the turn's end.
 *
 * <p>Threading: owned by the loop.
 */
interface BatchTarget {

    /** This turn's batch; null when nothing was sent yet. */
    @Nullable
    Batch batch();

    void batch(Batch batch);

    /** Writes this turn's batch and returns its bytes; never throws. */
    long flushBatch();
}
