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
final class WorkspaceClient extends FrameReader {
    private static final byte[] RESET = "42[\"reset\"".getBytes(StandardCharsets.US_ASCII);
    /** Who is online: not in the log, so without a cursor. */
    private static final byte[] PRESENCE = "42[\"presence:update\"".getBytes(StandardCharsets.US_ASCII);

    private static final int MAX_CURSOR = 64;

    private final WorkspaceClients clients;
    private final Progress progress;

    /**
     * What a client keeps between its connections.
     *
     * <p>Shape: {@code offset} is that of the last event; {@link WorkspaceClients} knows its cursor. No pid: never connected.
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

    WorkspaceClient(WorkspaceClients clients, Progress progress, int port) {
        super(port);
        this.clients = clients;
        this.progress = progress;
    }

    @Override
    String connectPacket() {
        String token = "40{\"token\":\"" + clients.credential() + "\"";
        return progress.pid == null
                ? token + "}"
                : token + ",\"pid\":\"" + progress.pid + "\""
                        + clients.cursor(progress.offset)
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
        clients.connected(this, progress, recovered);
    }

    @Override
    void event(ByteBuf buffer, int body, int length, long nowNanos) {
        if (startsWith(buffer, body, PRESENCE)) {
            return;
        }
        int end = body + length - 2;
        int start = end;
        while (end - start < MAX_CURSOR && buffer.getByte(start - 1) != '"') {
            start--;
        }
        if (buffer.getByte(end) != '"' || end - start == MAX_CURSOR) {
            throw new PeerFaultException("an event without a cursor: " + excerpt(buffer, body, length));
        }
        if (startsWith(buffer, body, RESET)) {
            clients.reset();
            return;
        }
        long offset = offset(buffer, start);
        if (!clients.inOrder(progress.offset, offset)) {
            clients.misordered();
        }
        progress.offset = offset;
        if (clients.isNew(offset)) {
            clients.learn(offset, buffer.toString(start, end - start, StandardCharsets.US_ASCII));
        }
        clients.delivered(progress, buffer, body, length, nowNanos);
    }

    @Override
    void lost(Throwable cause) {
        clients.lost(this, progress, cause);
    }

    private static boolean startsWith(ByteBuf buffer, int body, byte[] start) {
        for (int i = 0; i < start.length; i++) {
            if (buffer.getByte(body + i) != start[i]) {
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
