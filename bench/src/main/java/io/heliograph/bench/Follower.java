package io.heliograph.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client that follows a workspace's log and reconnects as a stock client does, with its {@code pid}
 * and the cursor of its last event.
 *
 * <p>Threading: owned by the event loop of its channel.
 */
final class Follower extends FrameReader {
    private static final byte[] RESET = "42[\"reset\"".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_CURSOR = 64;

    private final Crowd crowd;
    private final Progress progress;

    /**
     * What a client keeps between its connections.
     *
     * <p>Shape: {@code offset} is that of the last event; the crowd knows its cursor. No pid: never connected.
     */
    static final class Progress {
        private @Nullable String pid;
        private long offset;
        private boolean behind;

        void fallBehind() {
            behind = true;
        }

        /** Whether this client has just received the event at {@code target}, which it was missing. */
        boolean catchesUp(long target) {
            boolean now = behind && offset >= target;
            behind &= !now;
            return now;
        }
    }

    Follower(Crowd crowd, Progress progress, int port) {
        super(port);
        this.crowd = crowd;
        this.progress = progress;
    }

    @Override
    String connectPacket() {
        String token = "40{\"token\":\"" + crowd.credential() + "\"";
        return progress.pid == null
                ? token + "}"
                : token + ",\"pid\":\"" + progress.pid + "\""
                        + crowd.cursor(progress.offset)
                                .map(cursor -> ",\"offset\":\"" + cursor + "\"")
                                .orElse("")
                        + "}";
    }

    @Override
    void connected(ByteBuf buffer, int body, int length) {
        String answer = buffer.toString(body, length, StandardCharsets.US_ASCII);
        int start = answer.indexOf("\"pid\":\"") + "\"pid\":\"".length();
        String pid = answer.substring(start, answer.indexOf('"', start));
        boolean recovered = pid.equals(progress.pid);
        if (!recovered) {
            progress.pid = pid;
            progress.offset = offset(pid);
        }
        crowd.connected(this, progress, recovered);
    }

    @Override
    void event(ByteBuf buffer, int body, int length, long nowNanos) {
        int end = body + length - 2;
        int start = end;
        while (end - start < MAX_CURSOR && buffer.getByte(start - 1) != '"') {
            start--;
        }
        if (buffer.getByte(end) != '"' || end - start == MAX_CURSOR) {
            throw new PeerFaultException("an event without a cursor: " + excerpt(buffer, body, length));
        }
        if (isReset(buffer, body)) {
            crowd.reset();
            return;
        }
        long offset = offset(buffer, start);
        if (!crowd.inOrder(progress.offset, offset)) {
            crowd.misordered();
        }
        progress.offset = offset;
        if (crowd.isNew(offset)) {
            crowd.learn(offset, buffer.toString(start, end - start, StandardCharsets.US_ASCII));
        }
        crowd.delivered(progress, buffer, body, length, nowNanos);
    }

    @Override
    void lost(Throwable cause) {
        crowd.lost(this, progress, cause);
    }

    private static boolean isReset(ByteBuf buffer, int body) {
        for (int i = 0; i < RESET.length; i++) {
            if (buffer.getByte(body + i) != RESET[i]) {
                return false;
            }
        }
        return true;
    }

    /** The number between the first two colons. */
    private static long offset(String text) {
        int first = text.indexOf(':');
        return Long.parseLong(text.substring(first + 1, text.indexOf(':', first + 1)));
    }

    private static long offset(ByteBuf buffer, int start) {
        int at = start;
        while (buffer.getByte(at) != ':') {
            at++;
        }
        long offset = 0;
        for (byte digit = buffer.getByte(++at); digit != ':'; digit = buffer.getByte(++at)) {
            offset = 10 * offset + digit - '0';
        }
        return offset;
    }
}
