package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Joins the frames of batches into direct buffers, and keeps these until the turn ends.
 *
 * <p>Small frames are copied next to each other, because one write costs far more than copying a few kilobytes. A large
 * frame is copied once per turn into a buffer of its own, which all batches that contain it share.
 *
 * <p>Threading: owned by the loop.
 */
final class FrameJoiner {

    /** From this size on, a frame is worth a buffer of its own. */
    private static final int LARGE = 16 * 1024;

    private final ByteBufAllocator allocator;
    private final List<ByteBuf> made = new ArrayList<>();
    private final IdentityHashMap<Message, ByteBuf> large = new IdentityHashMap<>();

    FrameJoiner(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    ByteBuf[] join(Collection<Message> messages) {
        List<ByteBuf> segments = new ArrayList<>(1);
        List<Message> run = new ArrayList<>(messages.size());
        for (Message message : messages) {
            if (message.frameBytes() < LARGE) {
                run.add(message);
            } else {
                joinRun(run, segments);
                segments.add(large.computeIfAbsent(message, m -> copy(List.of(m))));
            }
        }
        joinRun(run, segments);
        return segments.toArray(ByteBuf[]::new);
    }

    /** Gives up this turn's buffers; those that were written live until the last channel has sent them. */
    void endTurn() {
        if (!made.isEmpty()) {
            for (ByteBuf buffer : made) {
                buffer.release();
            }
            made.clear();
            large.clear();
        }
    }

    private void joinRun(List<Message> run, List<ByteBuf> segments) {
        if (!run.isEmpty()) {
            segments.add(copy(run));
            run.clear();
        }
    }

    private ByteBuf copy(List<Message> messages) {
        int length = 0;
        for (Message message : messages) {
            length += message.frameBytes();
        }
        ByteBuf buffer = allocator.directBuffer(length, length);
        made.add(buffer);
        for (Message message : messages) {
            message.writeFrame(buffer);
        }
        return buffer;
    }
}
