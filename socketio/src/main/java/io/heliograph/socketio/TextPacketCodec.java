package io.heliograph.socketio;

import io.heliograph.engineio.Message;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.Base64Variant;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonGeneratorDelegate;
import tools.jackson.databind.ObjectMapper;

/**
 * Text packets with JSON, as every client speaks them by default.
 *
 * <pre>
 *   type  [attachments "-"]  [namespace ","]  [ack id]  [JSON]
 *   2                        /admin,          12        ["hello",1]
 *   5     1-                                            ["file",{"_placeholder":true,"num":0}]   + one binary message
 * </pre>
 *
 * <p>Threading: immutable. Source: socket.io-protocol v5, "Packet encoding".
 */
final class TextPacketCodec extends Parser {

    static final String PLACEHOLDER = "_placeholder";
    static final String NUMBER = "num";

    private static final byte[] COMMA = {','};
    private static final byte[] END = {']'};

    private final ParserLimits limits;
    private final JsonBinding json;
    private final ObjectMapper mapper;
    // Reads packets with the nesting bound, whatever the application's mapper allows.
    private final JsonFactory factory;

    TextPacketCodec(ParserLimits limits) {
        this.limits = limits;
        this.json = new JsonBinding(limits.json());
        this.mapper = json.mapper();
        this.factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.maxDepth())
                        .build())
                .build();
    }

    @Override
    JsonBinding json() {
        return json;
    }

    JsonFactory factory() {
        return factory;
    }

    ParserLimits limits() {
        return limits;
    }

    @Override
    PacketDecoder newDecoder() {
        return new TextPacketDecoder(this);
    }

    @Override
    List<Message> event(String namespace, long ackId, String name, List<?> arguments) {
        List<Object> all = new ArrayList<>(arguments.size() + 1);
        all.add(name);
        all.addAll(arguments);
        return encode('2', '5', namespace, ackId, all);
    }

    @Override
    List<Message> event(String namespace, String name, byte[] first, String last) {
        byte[] head = (prefix("2", namespace, Packet.NO_ACK) + "[" + mapper.writeValueAsString(name) + ",")
                .getBytes(StandardCharsets.UTF_8);
        return List.of(Message.text(head, first, COMMA, mapper.writeValueAsBytes(last), END));
    }

    @Override
    List<Message> ack(String namespace, long ackId, List<?> arguments) {
        return encode('3', '6', namespace, ackId, arguments);
    }

    @Override
    Message connect(String namespace, ConnectResponse answer) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("sid", answer.socketId());
        answer.pid().ifPresent(pid -> body.put("pid", pid));
        return text(prefix("0", namespace, Packet.NO_ACK), mapper.writeValueAsBytes(body));
    }

    @Override
    Message connectError(String namespace, ConnectError error) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", error.message());
        error.data().ifPresent(data -> body.put("data", json.tree(data)));
        return text(prefix("4", namespace, Packet.NO_ACK), mapper.writeValueAsBytes(body));
    }

    @Override
    Message disconnect(String namespace) {
        return Message.text(prefix("1", namespace, Packet.NO_ACK));
    }

    private List<Message> encode(char plain, char binary, String namespace, long ackId, List<?> arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        List<byte[]> attachments = new ArrayList<>(0);
        try (JsonGenerator generator = new Deconstructing(mapper.createGenerator(out), attachments)) {
            generator.writeStartArray();
            for (Object argument : arguments) {
                json.write(generator, argument);
            }
            generator.writeEndArray();
        }
        if (attachments.isEmpty()) {
            return List.of(text(prefix(String.valueOf(plain), namespace, ackId), out.toByteArray()));
        }
        List<Message> messages = new ArrayList<>(attachments.size() + 1);
        messages.add(text(prefix(binary + "" + attachments.size() + "-", namespace, ackId), out.toByteArray()));
        attachments.forEach(attachment -> messages.add(Message.binary(attachment)));
        return List.copyOf(messages);
    }

    private static Message text(String prefix, byte[] payload) {
        return Message.text(prefix.getBytes(StandardCharsets.UTF_8), payload);
    }

    private static String prefix(String type, String namespace, long ackId) {
        return type + (namespace.equals("/") ? "" : namespace + ",") + (ackId == Packet.NO_ACK ? "" : ackId);
    }

    /** Writes a placeholder for each piece of binary, at whatever depth, and keeps the bytes. */
    private static final class Deconstructing extends JsonGeneratorDelegate {
        private final List<byte[]> attachments;

        Deconstructing(JsonGenerator generator, List<byte[]> attachments) {
            super(generator, false);
            this.attachments = attachments;
        }

        @Override
        public JsonGenerator writeBinary(Base64Variant variant, byte[] data, int offset, int length) {
            writeStartObject();
            writeName(PLACEHOLDER);
            writeBoolean(true);
            writeName(NUMBER);
            writeNumber(attachments.size());
            writeEndObject();
            byte[] attachment = new byte[length];
            System.arraycopy(data, offset, attachment, 0, length);
            attachments.add(attachment);
            return this;
        }
    }
}
