package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Fuzz target: a client's bytes, whole, byte by byte and cut at random, mean the same; memory stays within the limit.
 *
 * <p>Input: one byte that chooses the cuts and the limit, then the stream.
 */
final class WebSocketDecoderFuzz {

    private WebSocketDecoderFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int maxPayload = (data[0] & 1) == 0 ? 300 : 70_000;
        byte[] stream = Arrays.copyOfRange(data, 1, data.length);
        Random cuts = new Random(data[0]);
        Seen whole = decode(stream, maxPayload, stream.length);
        Seen bytes = decode(stream, maxPayload, 1);
        Seen pieces = decodeAtRandom(stream, maxPayload, cuts);
        if (!whole.equals(bytes) || !whole.equals(pieces)) {
            throw new IllegalStateException("the cuts matter: " + whole + " / " + bytes + " / " + pieces);
        }
    }

    private record Seen(List<String> events, WebSocketDecoder.@Nullable Violation violation) {}

    private static Seen decode(byte[] stream, int maxPayload, int piece) {
        Decoding decoding = new Decoding(maxPayload);
        for (int from = 0; from < stream.length; from += piece) {
            decoding.take(stream, from, Math.min(piece, stream.length - from));
        }
        return decoding.seen();
    }

    private static Seen decodeAtRandom(byte[] stream, int maxPayload, Random cuts) {
        Decoding decoding = new Decoding(maxPayload);
        for (int from = 0; from < stream.length; ) {
            int piece = 1 + cuts.nextInt(Math.min(600, stream.length - from));
            decoding.take(stream, from, piece);
            from += piece;
        }
        return decoding.seen();
    }

    private static final class Decoding implements WebSocketDecoder.Sink {
        private final WebSocketDecoder decoder;
        private final int maxPayload;
        private final List<String> events = new ArrayList<>();
        private WebSocketDecoder.@Nullable Violation violation;
        private boolean ended;

        Decoding(int maxPayload) {
            this.decoder = new WebSocketDecoder(maxPayload);
            this.maxPayload = maxPayload;
        }

        void take(byte[] stream, int from, int length) {
            if (ended) {
                return;
            }
            ByteBuf piece = Unpooled.wrappedBuffer(stream, from, length);
            violation = decoder.decode(piece, this);
            ended |= violation != null;
            if (!ended && piece.isReadable()) {
                throw new IllegalStateException("bytes were left");
            }
            if (decoder.reservedBytes() > Math.max(256, maxPayload) + 125) {
                throw new IllegalStateException("reserved " + decoder.reservedBytes() + " of at most " + maxPayload);
            }
        }

        Seen seen() {
            return new Seen(events, violation);
        }

        @Override
        public boolean text(byte[] payload) {
            if (!Utf8Validator.valid(payload, 0, payload.length)) {
                throw new IllegalStateException("text that is not UTF-8");
            }
            return data("text", payload);
        }

        @Override
        public boolean binary(byte[] payload) {
            return data("binary", payload);
        }

        private boolean data(String kind, byte[] payload) {
            if (payload.length > maxPayload) {
                throw new IllegalStateException("a message of " + payload.length + " bytes");
            }
            events.add(kind + Arrays.hashCode(Objects.requireNonNull(payload)) + "/" + payload.length);
            return true;
        }

        @Override
        public boolean ping(byte[] payload) {
            events.add("ping" + Arrays.toString(payload));
            return true;
        }

        @Override
        public boolean pong() {
            events.add("pong");
            return true;
        }

        @Override
        public boolean close(int code) {
            events.add("close" + code);
            ended = true;
            return false;
        }
    }
}
