package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our frames and messages, byte by byte. Source: RFC 6455 section 5.2; engine.io-protocol v4, "Packet encoding". */
class WebSocketFramesTest {

    /** The header of a message packet whose payload, with its type, has that length. */
    @ParameterizedTest
    @CsvSource({
        "1,       8101",
        "125,     817d",
        "126,     817e007e",
        "127,     817e007f",
        "65535,   817effff",
        "65536,   817f0000000000010000",
        "1000000, 817f00000000000f4240",
    })
    void aHeaderHasTheLengthInItsShortestForm(int length, String header) {
        byte[] frame = frame(Message.text("x".repeat(length - 1)));

        assertThat(HexFormat.of().formatHex(frame, 0, header.length() / 2)).isEqualTo(header);
        assertThat(frame).hasSize(header.length() / 2 + length);
        assertThat(frame[header.length() / 2]).isEqualTo((byte) '4');
    }

    @Test
    void aTextMessageIsItsPartsInTheirOrder() {
        Message message = Message.text("one,".getBytes(UTF_8), new byte[0], "two".getBytes(UTF_8));

        assertThat(frame(message)).isEqualTo("\u0081\u00084one,two".getBytes(ISO_8859_1));
        assertThat(message.frameBytes()).isEqualTo(10);
        assertThat(message.binary()).isFalse();
        assertThat(polling(message)).isEqualTo("4one,two");
        assertThat(message.pollingBytes()).isEqualTo(8);
    }

    @Test
    void aBinaryMessageIsItsBytesAndBase64WhilePolling() {
        byte[] bytes = {1, 2, 3, 4};
        Message message = Message.binary(bytes);
        bytes[0] = 9;

        assertThat(frame(message)).isEqualTo(new byte[] {(byte) 0x82, 4, 1, 2, 3, 4});
        assertThat(message.binary()).isTrue();
        assertThat(polling(message)).isEqualTo("bAQIDBA==");
        assertThat(message.pollingBytes()).isEqualTo(9);
        assertThat(polling(message)).as("once more").isEqualTo("bAQIDBA==");
    }

    @Test
    void anUncompressedMessageHasTheSameBytes() {
        Message text = Message.text("news");
        Message binary = Message.binary(new byte[] {1});

        assertThat(text.compressible()).isTrue();
        assertThat(text.uncompressed().compressible()).isFalse();
        assertThat(frame(text.uncompressed())).isEqualTo(frame(text));
        assertThat(binary.uncompressed().compressible()).isFalse();
        assertThat(binary.uncompressed().binary()).isTrue();
        assertThat(polling(binary.uncompressed())).isEqualTo(polling(binary));
    }

    @Test
    void aMessageShowsItsLengthAndNothingPrivate() {
        assertThat(Message.text("secret")).hasToString("Message[text, 7 bytes]");
        assertThat(Message.binary(new byte[3])).hasToString("Message[binary, 3 bytes]");
    }

    @Test
    void aCloseFrameHasItsCodeAndReason() {
        assertThat(bytes(WebSocketFrames.close(1002, "why")))
                .isEqualTo(new byte[] {(byte) 0x88, 5, 3, (byte) 0xEA, 'w', 'h', 'y'});
        assertThat(bytes(WebSocketFrames.close(WebSocketFrames.NO_CODE, "unsaid")))
                .isEqualTo(new byte[] {(byte) 0x88, 0});
    }

    @ParameterizedTest
    @CsvSource({"122, 124", "123, 125", "124, 125", "500, 125"})
    void aCloseFramesReasonIsCutAtWhatAControlFrameHolds(int characters, int payload) {
        byte[] frame = bytes(WebSocketFrames.close(1002, "r".repeat(characters)));

        assertThat(frame).hasSize(2 + payload);
        assertThat(frame[1]).isEqualTo((byte) payload);
    }

    /** The example of RFC 6455, section 1.3. */
    @Test
    void theKeyIsAcceptedAsTheRfcSays() {
        assertThat(WebSocketFrames.accept("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    private static byte[] frame(Message message) {
        ByteBuf out = Unpooled.buffer();
        message.writeFrame(out);
        return bytes(out);
    }

    private static String polling(Message message) {
        ByteBuf out = Unpooled.buffer();
        message.writePolling(out);
        return new String(bytes(out), UTF_8);
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = ByteBufUtil.getBytes(buffer);
        buffer.release();
        return bytes;
    }
}
