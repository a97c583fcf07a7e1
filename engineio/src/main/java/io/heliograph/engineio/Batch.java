package io.heliograph.engineio;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The messages that one session gets in one turn of its loop, shared with every session that gets the same.
 *
 * <p>Design: batches form a tree. The root is empty; {@link #then} leads from a batch to the one with one message more,
 * and gives the same object to everyone who asks for the same step. Sessions with the same history in this turn therefore
 * hold the same batch, for any mixture of broadcasts and single messages, and its bytes are joined once for all
 * of them. A broadcast asks each member for the same step one after the other, so remembering the latest step suffices.
 *
 * <p>Threading: owned by the loop; lives for one turn.
 */
final class Batch {

    private final @Nullable Batch before;
    private final @Nullable Message last;
    private final int count;
    private final long bytes;
    private @Nullable Batch latestStep;
    private boolean taken;
    // The joined frames, once a session has needed them; the loop releases them at the end of the turn.
    private ByteBuf @Nullable [] segments;

    private Batch(@Nullable Batch before, @Nullable Message last, int count, long bytes) {
        this.before = before;
        this.last = last;
        this.count = count;
        this.bytes = bytes;
    }

    static Batch root() {
        return new Batch(null, null, 0, 0);
    }

    /** This batch and one message more. */
    Batch then(Message message) {
        Batch step = latestStep;
        if (step == null || step.last != message) {
            step = new Batch(this, message, count + 1, bytes + message.frameBytes());
            latestStep = step;
        }
        return step;
    }

    /** Whether this is the first session that takes it: what it costs to join is then still to be counted. */
    boolean takenFirst() {
        boolean first = !taken;
        taken = true;
        return first;
    }

    /** Bytes of all frames. */
    long bytes() {
        return bytes;
    }

    /** Its messages, oldest first. */
    Deque<Message> messages() {
        Deque<Message> messages = new ArrayDeque<>(count);
        for (Batch batch = this; batch.before != null; batch = batch.before) {
            messages.addFirst(requireNonNull(batch.last));
        }
        return messages;
    }

    /** The joined frames; every user writes retained duplicates. */
    ByteBuf[] segments(FrameJoiner joiner) {
        ByteBuf[] joined = segments;
        if (joined == null) {
            joined = joiner.join(messages());
            segments = joined;
        }
        return joined;
    }
}
