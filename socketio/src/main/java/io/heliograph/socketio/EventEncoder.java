package io.heliograph.socketio;

import io.heliograph.engineio.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the events of one namespace, each once for all its receivers, and lets recovery keep them.
 *
 * <p>Threading: safe from any thread.
 */
final class EventEncoder {

    private final Parser parser;
    private final Optional<Recovery> recovery;
    private final String namespace;
    private final AtomicLong ackIds = new AtomicLong();

    EventEncoder(Parser parser, Optional<Recovery> recovery, String namespace) {
        this.parser = parser;
        this.recovery = recovery;
        this.namespace = namespace;
    }

    /** Hands an encoded event to its receivers; {@code arguments} are for those who listen to what goes out. */
    interface Sending {
        void send(List<?> arguments, List<Message> messages);
    }

    long nextAckId() {
        return ackIds.getAndIncrement();
    }

    List<Message> encode(long ackId, String event, List<?> arguments, Flags flags) {
        List<Message> messages = parser.event(namespace, ackId, event, arguments);
        return flags.compress()
                ? messages
                : messages.stream().map(Message::uncompressed).toList();
    }

    /** The arguments as listeners see them. */
    Arguments view(List<?> arguments) {
        return Arguments.ofNodes(
                parser.json(), arguments.stream().map(parser.json()::tree).toList());
    }

    /** Encodes an event, with the offset that recovery wants behind its arguments, and sends it; recovery may keep it. */
    void dispatch(Recovery.Emission emission, Flags flags, Sending sending) {
        if (recovery.isEmpty() || flags.isVolatile()) {
            List<?> arguments = emission.arguments();
            sending.send(arguments, encode(Packet.NO_ACK, emission.event(), arguments, flags));
        } else {
            recovery.get().emit(emission, new RecordedDispatch(emission, flags, sending));
        }
    }

    /** What recovery is given to encode and send one event. Used by one thread. */
    private final class RecordedDispatch implements Recovery.Dispatch {
        private final Recovery.Emission emission;
        private final Flags flags;
        private final Sending sending;
        private List<?> arguments;

        RecordedDispatch(Recovery.Emission emission, Flags flags, Sending sending) {
            this.emission = emission;
            this.flags = flags;
            this.sending = sending;
            this.arguments = emission.arguments();
        }

        @Override
        public PreparedEvent encode(Optional<String> offset) {
            arguments = withOffset(emission.arguments(), offset);
            return new PreparedEvent(
                    namespace,
                    emission.event(),
                    EventEncoder.this.encode(Packet.NO_ACK, emission.event(), arguments, flags));
        }

        @Override
        public void send(PreparedEvent event) {
            sending.send(arguments, event.messages(namespace));
        }

        private static List<?> withOffset(List<?> arguments, Optional<String> offset) {
            if (offset.isEmpty()) {
                return arguments;
            }
            List<@Nullable Object> all = new ArrayList<>(arguments);
            all.add(offset.get());
            return all;
        }
    }
}
