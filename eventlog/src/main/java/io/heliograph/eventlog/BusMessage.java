package io.heliograph.eventlog;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message from one node to the others. Immutable.
 *
 * <p>On the wire: a byte for the version of this format, a byte for the kind, the sender as a long, then the fields in
 * the order of the records. Numbers are big-endian; a text is its length in bytes as an int and its UTF-8; an absent text
 * has the length -1; times are milliseconds since 1970.
 */
sealed interface BusMessage {
    byte VERSION = 1;

    /** Bytes that it takes about. */
    int bytes();

    record OfHint(Hint hint) implements BusMessage {
        @Override
        public int bytes() {
            return 128 + 256 * hint.events().size() + hint.bytes();
        }
    }

    record OfSignal(Signal signal) implements BusMessage {
        @Override
        public int bytes() {
            return 128 + 3 * (signal.kind().length() + signal.body().length());
        }
    }

    /** Messages of the sender were lost: the receiver compares its feeds with the log. */
    record Missed() implements BusMessage {
        @Override
        public int bytes() {
            return 16;
        }
    }

    /**
     * A message and whom it is from.
     *
     * @param sender a random number that a node keeps for as long as it runs
     */
    record Received(long sender, BusMessage message) {}

    static byte[] encode(long sender, BusMessage message) {
        Writer writer = new Writer();
        writer.bytes(new byte[] {VERSION, kind(message)});
        writer.number(sender);
        switch (message) {
            case OfHint carried -> write(writer, carried.hint());
            case OfSignal carried -> write(writer, carried.signal());
            case Missed missed -> {}
        }
        return writer.toBytes();
    }

    /** Empty when the bytes are not a message of this version. */
    static Optional<Received> decode(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (in.get() != VERSION) {
                return Optional.empty();
            }
            byte kind = in.get();
            long sender = in.getLong();
            return switch (kind) {
                case 1 -> Optional.of(new Received(sender, new OfHint(readHint(in))));
                case 2 ->
                    Optional.of(new Received(
                            sender, new OfSignal(new Signal(new WorkspaceId(text(in)), text(in), text(in)))));
                case 3 -> Optional.of(new Received(sender, new Missed()));
                default -> Optional.empty();
            };
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static byte kind(BusMessage message) {
        return switch (message) {
            case OfHint hint -> 1;
            case OfSignal signal -> 2;
            case Missed missed -> 3;
        };
    }

    private static void write(Writer writer, Hint hint) {
        writer.text(hint.workspace().value());
        writer.text(hint.head().epoch());
        writer.number(hint.head().offset());
        writer.text(hint.head().check());
        writer.count(hint.events().size());
        for (Event event : hint.events()) {
            writer.text(event.position().epoch());
            writer.number(event.position().offset());
            writer.number(event.position().at().toEpochMilli());
            writer.text(event.id());
            writer.text(event.type());
            writer.text(
                    event.audience() instanceof Audience.Member member
                            ? Optional.of(member.memberId())
                            : Optional.empty());
            writer.text(event.topic());
            writer.count(event.payload().length);
            writer.bytes(event.payload());
        }
    }

    private static void write(Writer writer, Signal signal) {
        writer.text(signal.workspace().value());
        writer.text(signal.kind());
        writer.text(signal.body());
    }

    private static Hint readHint(ByteBuffer in) {
        WorkspaceId workspace = new WorkspaceId(text(in));
        Cursor head = new Cursor(text(in), in.getLong(), text(in));
        int count = in.getInt();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(new Event(
                    workspace,
                    new Position(text(in), in.getLong(), Instant.ofEpochMilli(in.getLong())),
                    text(in),
                    text(in),
                    optionalText(in).map(Audience::member).orElse(Audience.EVERYONE),
                    optionalText(in),
                    bytes(in, in.getInt())));
        }
        return new Hint(workspace, head, events);
    }

    private static String text(ByteBuffer in) {
        return optionalText(in).orElseThrow(BufferUnderflowException::new);
    }

    private static Optional<String> optionalText(ByteBuffer in) {
        int length = in.getInt();
        return length == -1 ? Optional.empty() : Optional.of(new String(bytes(in, length), StandardCharsets.UTF_8));
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** A buffer that grows. Used by one thread. */
    final class Writer {
        private ByteBuffer out = ByteBuffer.allocate(512);

        void bytes(byte[] bytes) {
            room(bytes.length).put(bytes);
        }

        void count(int value) {
            room(Integer.BYTES).putInt(value);
        }

        void number(long value) {
            room(Long.BYTES).putLong(value);
        }

        void text(String text) {
            text(Optional.of(text));
        }

        void text(Optional<String> text) {
            if (text.isEmpty()) {
                count(-1);
                return;
            }
            byte[] bytes = text.get().getBytes(StandardCharsets.UTF_8);
            count(bytes.length);
            bytes(bytes);
        }

        byte[] toBytes() {
            byte[] bytes = new byte[out.position()];
            out.flip().get(bytes);
            return bytes;
        }

        private ByteBuffer room(int length) {
            if (out.remaining() < length) {
                ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * out.capacity(), out.position() + length));
                out = larger.put(out.flip());
            }
            return out;
        }
    }
}
