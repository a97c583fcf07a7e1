package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Source of the cases: engine.io-protocol v4, "Packet encoding", and its parser's tests. */
@ExtendWith(InstancioExtension.class)
class PayloadTest {

    @Test
    void packetsAreCutAtTheSeparator() {
        assertThat(decode("4hello\u001e2\u001e2probe\u001e3\u001e4€"))
                .containsExactly(text("hello"), Packet.PING, Packet.PROBE, Packet.PONG, text("€"));
    }

    @Test
    void binaryIsBase64BehindTheLetterB() {
        assertThat(decode("bAQIDBA==")).containsExactly(new Packet.Binary(new byte[] {1, 2, 3, 4}));
    }

    /** The Socket.IO client 2.1 for Java and Android ends each binary packet with a line feed. */
    @Test
    void base64MayHaveLineBreaksTheUrlSafeAlphabetAndNoPadding() {
        Packet expected = new Packet.Binary(new byte[] {(byte) 0xFB, (byte) 0xFF, 1, 2});

        assertThat(decode("b+/8BAg==\n")).containsExactly(expected);
        assertThat(decode("b+/8B\r\nAg==\r\n")).containsExactly(expected);
        assertThat(decode("b-_8BAg==")).containsExactly(expected);
        assertThat(decode("b-_8BAg")).containsExactly(expected);
        assertThat(decode("b+/8BAg=\u0000").getLast()).isInstanceOf(Packet.Malformed.class);
        assertThat(decode("b+/8BA").getLast()).isInstanceOf(Packet.Malformed.class);
    }

    @Test
    void anEmptyMessageIsAMessage() {
        assertThat(decode("4\u001eb")).containsExactly(text(""), new Packet.Binary(new byte[0]));
    }

    @Test
    void whatFollowsAMalformedPacketIsNotLookedAt() {
        List<Packet> packets = decode("4a\u001ex\u001e4b");

        assertThat(packets).hasSize(2).first().isEqualTo(text("a"));
        assertThat(packets.getLast()).isInstanceOf(Packet.Malformed.class);
    }

    @Test
    void emptyBodiesTrailingSeparatorsBadBase64AndBadUtf8AreMalformed() {
        assertThat(decode("").getLast()).isInstanceOf(Packet.Malformed.class);
        assertThat(decode("4a\u001e").getLast()).isInstanceOf(Packet.Malformed.class);
        assertThat(decode("b!!!").getLast()).isInstanceOf(Packet.Malformed.class);
        assertThat(decode(new byte[] {'4', (byte) 0xFF}).getLast()).isInstanceOf(Packet.Malformed.class);
    }

    @Test
    void tenThousandPartsAreDecodedWithoutRecursion() {
        assertThat(decode("4x\u001e".repeat(9_999) + "4x")).hasSize(10_000);
    }

    @Test
    void whatTheServerEncodesAClientDecodes() {
        Randoms.samples(1000).forEach(PayloadTest::aClientDecodesWhatTheServerEncodes);
    }

    private static void aClientDecodesWhatTheServerEncodes(Random random) {
        List<Message> sent = new ArrayList<>();
        List<Packet> expected = new ArrayList<>();
        int messages = random.nextInt(1, 30);
        for (int i = 0; i < messages; i++) {
            byte[] bytes = Randoms.bytes(random, 40);
            if (i % 2 == 0) {
                sent.add(Message.binary(bytes));
                expected.add(new Packet.Binary(bytes));
            } else {
                String text = new String(bytes, UTF_8).replace('\u001e', ' ');
                sent.add(Message.text(text));
                expected.add(text(text));
            }
        }
        ByteBuf payload = Payload.encode(UnpooledByteBufAllocator.DEFAULT, sent);

        assertThat(decode(payload.toString(UTF_8))).isEqualTo(expected);
        payload.release();
    }

    private static Packet text(String text) {
        return new Packet.Text(text.getBytes(UTF_8));
    }

    private static List<Packet> decode(String body) {
        return decode(body.getBytes(UTF_8));
    }

    private static List<Packet> decode(byte[] body) {
        List<Packet> packets = new ArrayList<>();
        Payload.decode(body, packets::add);
        return packets;
    }
}
