package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever is sent is what is received, wherever it is cut. */
@ExtendWith(InstancioExtension.class)
class WirePropertiesTest {

    @Test
    void aPayloadSurvivesItsRoundTrip() {
        Randoms.samples(1000).forEach(WirePropertiesTest::roundTrip);
    }

    private static void roundTrip(Random random) {
        List<Packet> packets = packets(random);
        ByteBuf encoded = Payload.encode(
                UnpooledByteBufAllocator.DEFAULT,
                packets.stream().map(WirePropertiesTest::message).toList());
        byte[] bytes = ByteBufUtil.getBytes(encoded);
        encoded.release();
        List<Packet> decoded = new ArrayList<>();

        Payload.decode(bytes, decoded::add);

        assertThat(decoded).isEqualTo(packets);
    }

    @Test
    void aMessageInAnyFragmentsAndPiecesIsTheSame() {
        Randoms.samples(1000).forEach(WirePropertiesTest::decodeInPieces);
    }

    private static void decodeInPieces(Random random) {
        List<Packet> packets = packets(random);
        ByteBuf stream = Unpooled.buffer();
        packets.forEach(packet -> fragments(packet, random, stream));
        Seen seen = new Seen();
        WebSocketDecoder decoder = new WebSocketDecoder(1_000_000);

        while (stream.isReadable()) {
            ByteBuf piece = stream.readSlice(1 + random.nextInt(Math.min(stream.readableBytes(), 50)));
            assertThat(decoder.decode(piece, seen)).isNull();
        }
        stream.release();

        assertThat(seen.packets).isEqualTo(packets);
        assertThat(decoder.reservedBytes()).isZero();
    }

    @Test
    void ourFramesAreWhatTheHeaderSays() {
        Randoms.samples(1000).forEach(WirePropertiesTest::readFrames);
    }

    private static void readFrames(Random random) {
        for (Packet packet : packets(random)) {
            Message message = message(packet);
            ByteBuf frame = Unpooled.buffer();
            message.writeFrame(frame);

            assertThat(frame.readableBytes()).isEqualTo(message.frameBytes());
            assertThat(frame.readUnsignedByte()).isEqualTo((short) (message.binary() ? 0x82 : 0x81));
            int length = frame.readUnsignedByte();
            length = length == 126 ? frame.readUnsignedShort() : length == 127 ? (int) frame.readLong() : length;
            assertThat(frame.readableBytes()).isEqualTo(length);
            frame.release();
        }
    }

    @Test
    void theUtf8ValidatorAgreesWithTheJdk() {
        Randoms.samples(1000).forEach(WirePropertiesTest::validate);
    }

    private static void validate(Random random) {
        byte[] bytes = random.nextBoolean()
                ? Randoms.bytes(random, 40)
                : Randoms.text(random, 40).getBytes(UTF_8);
        boolean valid = validForTheJdk(bytes);
        Utf8Validator inPieces = new Utf8Validator();
        boolean accepted = true;
        for (int from = 0; from < bytes.length && accepted; ) {
            int to = from + 1 + random.nextInt(bytes.length - from);
            accepted = inPieces.accept(bytes, from, to);
            from = to;
        }

        assertThat(Utf8Validator.valid(bytes, 0, bytes.length)).isEqualTo(valid);
        assertThat(accepted && inPieces.complete()).isEqualTo(valid);
    }

    private static List<Packet> packets(Random random) {
        return Stream.generate(
                        () -> random.nextBoolean() ? text(random) : new Packet.Binary(Randoms.bytes(random, 400)))
                .limit(random.nextInt(1, 21))
                .toList();
    }

    /** U+001E separates packets; the layer above writes JSON, in which it is escaped. */
    private static Packet text(Random random) {
        int length = random.nextInt(10) == 0 ? 255 : 40;
        return new Packet.Text(
                Randoms.text(random, length).replace('\u001e', ' ').getBytes(UTF_8));
    }

    private static Message message(Packet packet) {
        return switch (packet) {
            case Packet.Text text -> Message.text(text.payload());
            case Packet.Binary binary -> Message.binary(binary.payload());
            default -> throw new IllegalStateException("not a message: " + packet);
        };
    }

    /** As a client may send it: masked, cut into frames, with pings and pongs between them. */
    private static void fragments(Packet packet, Random random, ByteBuf out) {
        byte[] payload = packet instanceof Packet.Text text
                ? ClientFrames.join(new byte[] {'4'}, text.payload())
                : ((Packet.Binary) packet).payload();
        int opcode = packet instanceof Packet.Text ? 1 : 2;
        int from = 0;
        boolean last = false;
        while (!last) {
            int to = from + random.nextInt(payload.length - from + 1);
            last = random.nextInt(4) == 0;
            to = last ? payload.length : to;
            out.writeBytes(ClientFrames.frame(last, opcode, Arrays.copyOfRange(payload, from, to)));
            opcode = 0;
            from = to;
            if (random.nextInt(3) == 0) {
                out.writeBytes(ClientFrames.frame(true, 9 + random.nextInt(2), new byte[random.nextInt(126)]));
            }
        }
    }

    private static boolean validForTheJdk(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).remaining() >= 0;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static final class Seen implements WebSocketDecoder.Sink {
        private final List<Packet> packets = new ArrayList<>();

        @Override
        public boolean text(byte[] payload) {
            return packets.add(Packet.decode(payload, 0, payload.length));
        }

        @Override
        public boolean binary(byte[] payload) {
            return packets.add(new Packet.Binary(payload));
        }

        @Override
        public boolean ping(byte[] payload) {
            return true;
        }

        @Override
        public boolean pong() {
            return true;
        }

        @Override
        public boolean close(int code) {
            return false;
        }
    }
}
