package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;

/**
 * Trees as MessagePack and back.
 *
 * <p>Numbers: integers up to 64 bits stay what they are, all others become 64-bit floats, since the format has no more. Of
 * notepack's extensions, {@code undefined} is read as null, an {@code ArrayBuffer} as binary, and a {@code Date} as the
 * text that JSON would hold.
 *
 * <p>Own code, because msgpack-core reads and writes small packets at less than half the speed, allocates 8 to 18 kB for
 * each, and needs {@code sun.misc.Unsafe}, of which Java 25 warns.
 *
 * <p>Source: MessagePack specification; npm's notepack.io 2.
 */
final class MessagePack {

    private static final int NIL = 0xC0;
    private static final int FALSE = 0xC2;
    private static final int TRUE = 0xC3;
    private static final int BIN = 0xC4;
    private static final int EXT = 0xC7;
    private static final int FLOAT_32 = 0xCA;
    private static final int FLOAT_64 = 0xCB;
    private static final int UINT = 0xCC;
    private static final int INT = 0xD0;
    private static final int FIXEXT = 0xD4;
    private static final int STR = 0xD9;
    private static final int ARRAY = 0xDC;
    private static final int MAP = 0xDE;

    private MessagePack() {}

    /** The bytes are not MessagePack, are nested too deeply, or do not end with the value. */
    static final class MalformedException extends Exception {
        MalformedException(String message) {
            super(message, null, false, false);
        }
    }

    static byte[] write(JsonNode tree) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(tree, out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    static JsonNode read(byte[] bytes, int maxDepth, JsonNodeFactory nodes) throws MalformedException {
        Reader reader = new Reader(ByteBuffer.wrap(bytes), nodes);
        try {
            JsonNode tree = reader.read(maxDepth);
            if (reader.in.hasRemaining()) {
                throw new MalformedException("trailing bytes after the value");
            }
            return tree;
        } catch (BufferUnderflowException e) {
            throw new MalformedException("the value is truncated");
        }
    }

    private static void write(JsonNode node, DataOutputStream out) throws IOException {
        switch (node.getNodeType()) {
            case OBJECT -> {
                writeLength(node.size(), 16, 0x80, 0, MAP, out);
                for (Map.Entry<String, JsonNode> property : node.properties()) {
                    writeString(property.getKey(), out);
                    write(property.getValue(), out);
                }
            }
            case ARRAY -> {
                writeLength(node.size(), 16, 0x90, 0, ARRAY, out);
                for (JsonNode element : node.values()) {
                    write(element, out);
                }
            }
            case STRING -> writeString(node.stringValue(), out);
            case BINARY -> writeBinary(node.binaryValue(), out);
            case BOOLEAN -> out.writeByte(node.booleanValue() ? TRUE : FALSE);
            case NUMBER -> writeNumber(node, out);
            // What Jackson makes of binary within an object that it turns into a tree.
            case POJO -> writeEmbedded(((POJONode) node).getPojo(), out);
            case NULL, MISSING -> out.writeByte(NIL);
        }
    }

    private static void writeString(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(UTF_8);
        writeLength(utf8.length, 32, 0xA0, STR, STR + 1, out);
        out.write(utf8);
    }

    private static void writeEmbedded(@Nullable Object embedded, DataOutputStream out) throws IOException {
        if (embedded instanceof byte[] binary) {
            writeBinary(binary, out);
        } else if (embedded == null) {
            out.writeByte(NIL);
        } else {
            throw new IllegalArgumentException("cannot write " + embedded.getClass() + " as MessagePack");
        }
    }

    private static void writeBinary(byte[] binary, DataOutputStream out) throws IOException {
        writeLength(binary.length, 0, 0, BIN, BIN + 1, out);
        out.write(binary);
    }

    /** {@code eight} is zero for types that have no form with one length byte. */
    private static void writeLength(
            int length, int fixed, int fixedPrefix, int eight, int sixteen, DataOutputStream out) throws IOException {
        if (length < fixed) {
            out.writeByte(fixedPrefix | length);
        } else if (length < 0x100 && eight != 0) {
            out.writeByte(eight);
            out.writeByte(length);
        } else if (length < 0x10000) {
            out.writeByte(sixteen);
            out.writeShort(length);
        } else {
            out.writeByte(sixteen + 1);
            out.writeInt(length);
        }
    }

    private static void writeNumber(JsonNode node, DataOutputStream out) throws IOException {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            writeLong(node.longValue(), out);
        } else if (node.isIntegralNumber() && isUnsignedLong(node.bigIntegerValue())) {
            out.writeByte(UINT + 3);
            out.writeLong(node.bigIntegerValue().longValue());
        } else {
            out.writeByte(FLOAT_64);
            out.writeDouble(node.asDouble());
        }
    }

    private static boolean isUnsignedLong(BigInteger value) {
        return value.signum() > 0 && value.bitLength() <= 64;
    }

    private static void writeLong(long value, DataOutputStream out) throws IOException {
        if (value >= -0x20 && value < 0x80) {
            out.writeByte((int) value);
        } else if (value >= 0) {
            int width = value < 0x100 ? 0 : value < 0x10000 ? 1 : value < 0x1_0000_0000L ? 2 : 3;
            out.writeByte(UINT + width);
            writeBytes(value, 1 << width, out);
        } else {
            int width = value >= -0x80 ? 0 : value >= -0x8000 ? 1 : value >= Integer.MIN_VALUE ? 2 : 3;
            out.writeByte(INT + width);
            writeBytes(value, 1 << width, out);
        }
    }

    private static void writeBytes(long value, int bytes, DataOutputStream out) throws IOException {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.writeByte((int) (value >>> shift));
        }
    }

    private static final class Reader {
        private final ByteBuffer in;
        private final JsonNodeFactory nodes;

        Reader(ByteBuffer in, JsonNodeFactory nodes) {
            this.in = in;
            this.nodes = nodes;
        }

        JsonNode read(int depth) throws MalformedException {
            int prefix = in.get() & 0xFF;
            if (prefix < 0x80) {
                return nodes.numberNode(prefix);
            } else if (prefix < 0x90) {
                return map(prefix & 0x0F, depth);
            } else if (prefix < 0xA0) {
                return array(prefix & 0x0F, depth);
            } else if (prefix < 0xC0) {
                return nodes.stringNode(text(prefix & 0x1F));
            } else if (prefix >= 0xE0) {
                return nodes.numberNode(prefix - 0x100);
            }
            return switch (prefix) {
                case NIL -> nodes.nullNode();
                case FALSE -> nodes.booleanNode(false);
                case TRUE -> nodes.booleanNode(true);
                case BIN, BIN + 1, BIN + 2 -> nodes.binaryNode(bytes(length(prefix - BIN)));
                case EXT, EXT + 1, EXT + 2 -> arrayBuffer(length(prefix - EXT));
                case FLOAT_32 -> nodes.numberNode((double) in.getFloat());
                case FLOAT_64 -> nodes.numberNode(in.getDouble());
                case UINT, UINT + 1, UINT + 2, UINT + 3 -> unsigned(1 << (prefix - UINT));
                case INT, INT + 1, INT + 2, INT + 3 -> number(signed(1 << (prefix - INT)));
                case FIXEXT, FIXEXT + 1, FIXEXT + 2, FIXEXT + 3, FIXEXT + 4 -> fixedExtension(1 << (prefix - FIXEXT));
                case STR, STR + 1, STR + 2 -> nodes.stringNode(text(length(prefix - STR)));
                case ARRAY, ARRAY + 1 -> array(length(prefix - ARRAY + 1), depth);
                case MAP, MAP + 1 -> map(length(prefix - MAP + 1), depth);
                default -> throw new MalformedException("prefix byte 0xc1 is not in the format");
            };
        }

        /** A length of 1, 2 or 4 bytes. It never exceeds the remaining bytes, so a hostile length allocates nothing. */
        private int length(int width) throws MalformedException {
            long length = switch (width) {
                case 0 -> in.get() & 0xFFL;
                case 1 -> in.getShort() & 0xFFFFL;
                default -> in.getInt() & 0xFFFF_FFFFL;
            };
            if (length > in.remaining()) {
                throw new MalformedException("a length exceeds the remaining bytes");
            }
            return (int) length;
        }

        private JsonNode array(int size, int depth) throws MalformedException {
            requireDepth(depth);
            ArrayNode array = nodes.arrayNode();
            for (int i = 0; i < size; i++) {
                array.add(read(depth - 1));
            }
            return array;
        }

        private JsonNode map(int size, int depth) throws MalformedException {
            requireDepth(depth);
            ObjectNode map = nodes.objectNode();
            for (int i = 0; i < size; i++) {
                JsonNode key = read(0);
                if (!key.isString()) {
                    throw new MalformedException("a map key is not a string");
                }
                map.set(key.stringValue(), read(depth - 1));
            }
            return map;
        }

        private static void requireDepth(int depth) throws MalformedException {
            if (depth <= 0) {
                throw new MalformedException("nested too deeply");
            }
        }

        private String text(int length) throws MalformedException {
            byte[] utf8 = bytes(length);
            try {
                return UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
            } catch (CharacterCodingException e) {
                throw new MalformedException("a string is not valid UTF-8");
            }
        }

        private byte[] bytes(int length) {
            if (length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            byte[] bytes = new byte[length];
            in.get(bytes);
            return bytes;
        }

        private JsonNode number(long value) {
            return value == (int) value ? nodes.numberNode((int) value) : nodes.numberNode(value);
        }

        private JsonNode unsigned(int width) {
            if (width < 8) {
                return number(signed(width) & (-1L >>> (64 - 8 * width)));
            }
            byte[] bytes = bytes(8);
            return bytes[0] >= 0
                    ? number(ByteBuffer.wrap(bytes).getLong())
                    : nodes.numberNode(new BigInteger(1, bytes));
        }

        private long signed(int width) {
            return switch (width) {
                case 1 -> in.get();
                case 2 -> in.getShort();
                case 4 -> in.getInt();
                default -> in.getLong();
            };
        }

        private JsonNode arrayBuffer(int length) throws MalformedException {
            requireExtension(in.get());
            return nodes.binaryNode(bytes(length));
        }

        /** One byte is {@code undefined}, eight are a date in milliseconds. */
        private JsonNode fixedExtension(int length) throws MalformedException {
            requireExtension(in.get());
            byte[] payload = bytes(length);
            return switch (length) {
                case 1 -> nodes.nullNode();
                case 8 ->
                    nodes.stringNode(
                            Instant.ofEpochMilli(ByteBuffer.wrap(payload).getLong())
                                    .toString());
                default -> throw new MalformedException("an unsupported extension type");
            };
        }

        private static void requireExtension(int type) throws MalformedException {
            if (type != 0) {
                throw new MalformedException("an unsupported extension type");
            }
        }
    }
}
