package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455, case by case in the spirit of the Autobahn test suite; each case also cut into single bytes. */
class WebSocketDecoderTest {

    private static final int MAX = 100_000;

    private final Recorder seen = new Recorder();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 125, 126, 127, 128, 65_535, 65_536, 65_537, MAX})
    void textOfAnyLengthIsReceivedWholeOrInPieces(int length) {
        String text = "*".repeat(length);

        assertThat(decode(ClientFrames.text(text))).isNull();
        assertThat(decodeByteByByte(ClientFrames.text(text))).isNull();

        assertThat(seen.events).containsExactly("text:" + text, "text:" + text);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536})
    void binaryOfAnyLengthIsReceived(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31);
        }

        assertThat(decode(ClientFrames.frame(true, 2, bytes))).isNull();

        assertThat(seen.binaries).hasSize(1).first().isEqualTo(bytes);
    }

    @Test
    void theMaskIsAppliedAcrossPiecesOfAnySize() {
        byte[] frame = ClientFrames.text("The quick brown fox jumps over the lazy dog — äöü€🚀");
        for (int piece = 1; piece < frame.length; piece++) {
            WebSocketDecoder decoder = new WebSocketDecoder(MAX);
            for (int from = 0; from < frame.length; from += piece) {
                int length = Math.min(piece, frame.length - from);
                assertThat(decoder.decode(Unpooled.wrappedBuffer(frame, from, length), seen))
                        .isNull();
            }
        }

        assertThat(seen.events).hasSize(frame.length - 1);
        assertThat(seen.events).containsOnly("text:The quick brown fox jumps over the lazy dog — äöü€🚀");
    }

    @Test
    void fragmentsAreJoinedAndControlFramesMayStandBetweenThem() {
        byte[] frames = ClientFrames.join(
                ClientFrames.frame(false, 1, "Hel".getBytes(UTF_8)),
                ClientFrames.frame(true, 9, "ping!".getBytes(UTF_8)),
                ClientFrames.frame(false, 0, "lo, ".getBytes(UTF_8)),
                ClientFrames.frame(true, 10, new byte[0]),
                ClientFrames.frame(true, 0, "wörld".getBytes(UTF_8)),
                ClientFrames.text("next"));

        assertThat(decode(frames)).isNull();
        assertThat(decodeByteByByte(frames)).isNull();

        assertThat(seen.events)
                .containsExactly(
                        "ping:ping!",
                        "pong",
                        "text:Hello, wörld",
                        "text:next",
                        "ping:ping!",
                        "pong",
                        "text:Hello, wörld",
                        "text:next");
    }

    @Test
    void emptyFragmentsMakeAnEmptyMessage() {
        byte[] frames = ClientFrames.join(
                ClientFrames.frame(false, 1, new byte[0]),
                ClientFrames.frame(false, 0, new byte[0]),
                ClientFrames.frame(true, 0, new byte[0]));

        assertThat(decode(frames)).isNull();

        assertThat(seen.events).containsExactly("text:");
    }

    @Test
    void aCharacterMayBeCutByFragmentsAtEachOfItsBytes() {
        byte[] rocket = "🚀".getBytes(UTF_8);
        for (int cut = 1; cut < rocket.length; cut++) {
            byte[] frames = ClientFrames.join(
                    ClientFrames.frame(false, 1, java.util.Arrays.copyOf(rocket, cut)),
                    ClientFrames.frame(true, 0, java.util.Arrays.copyOfRange(rocket, cut, rocket.length)));
            assertThat(decode(frames)).isNull();
        }

        assertThat(seen.events).containsExactly("text:🚀", "text:🚀", "text:🚀");
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> violations() {
        return Stream.of(
                violation("an unmasked frame", 1002, new byte[] {(byte) 0x81, 1, 'a'}),
                violation("RSV1", 1002, new byte[] {(byte) 0xC1, (byte) 0x80, 0, 0, 0, 0}),
                violation("RSV2", 1002, new byte[] {(byte) 0xA1, (byte) 0x80, 0, 0, 0, 0}),
                violation("RSV3", 1002, new byte[] {(byte) 0x91, (byte) 0x80, 0, 0, 0, 0}),
                violation("opcode 3", 1002, ClientFrames.frame(true, 3, new byte[0])),
                violation("opcode 7", 1002, ClientFrames.frame(true, 7, new byte[0])),
                violation("opcode 11", 1002, ClientFrames.frame(true, 11, new byte[0])),
                violation("opcode 15", 1002, ClientFrames.frame(true, 15, new byte[0])),
                violation("a fragmented ping", 1002, ClientFrames.frame(false, 9, new byte[0])),
                violation("a ping of 126 bytes", 1002, ClientFrames.frame(true, 9, new byte[126])),
                violation("a continuation of nothing", 1002, ClientFrames.frame(true, 0, new byte[1])),
                violation(
                        "a message within a message",
                        1002,
                        ClientFrames.join(ClientFrames.frame(false, 1, new byte[0]), ClientFrames.text("x"))),
                violation("a length beyond 63 bits", 1002, new byte[] {
                    (byte) 0x82, (byte) 0xFF, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0
                }),
                violation("a close frame of one byte", 1002, ClientFrames.frame(true, 8, new byte[1])),
                violation("a close reason that is no text", 1007, ClientFrames.frame(true, 8, new byte[] {
                    3, (byte) 0xE8, (byte) 0xFF
                })),
                violation(
                        "invalid UTF-8", 1007, ClientFrames.frame(true, 1, new byte[] {'a', (byte) 0xC0, (byte) 0xAF})),
                violation("a surrogate", 1007, ClientFrames.frame(true, 1, new byte[] {
                    (byte) 0xED, (byte) 0xA0, (byte) 0x80
                })),
                violation("a cut character at the end", 1007, ClientFrames.frame(true, 1, new byte[] {
                    (byte) 0xE2, (byte) 0x82
                })),
                violation("too much text", 1009, ClientFrames.header(true, 1, MAX + 1L)),
                violation("too much binary", 1009, ClientFrames.header(true, 2, Long.MAX_VALUE)));
    }

    @ParameterizedTest(name = "{0} is answered {1}")
    @MethodSource("violations")
    void violationsEndTheConnection(String name, int closeCode, byte[] bytes) {
        WebSocketDecoder.Violation whole = decode(bytes);
        WebSocketDecoder.Violation pieces = decodeByteByByte(bytes);

        assertThat(whole).extracting(WebSocketDecoder.Violation::closeCode).isEqualTo(closeCode);
        assertThat(pieces).isEqualTo(whole);
        assertThat(seen.events).isEmpty();
    }

    /** Client's bytes in hex: header and mask, payload where there is one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c180 00000000 | a reserved bit is set, but no extension was agreed on",
                "8380 00000000 | opcode 3 is reserved",
                "8b80 00000000 | opcode 11 is reserved",
                "0980 00000000 | a control frame must not be fragmented",
                "8080 00000000 | a continuation frame without a message to continue",
                "0180 00000000 8180 00000000 | a new message began before the last frame of the previous one",
                "8100 | a client must mask its frames",
                "89fe 007e | a control frame holds at most 125 bytes",
                "88ff 0000000000000001 | a control frame holds at most 125 bytes",
                "82ff 8000000000000000 | the most significant bit of the length is set",
                "8881 00000000 03 | a close frame holds a code of two bytes, or nothing",
                "8882 00000000 03ed | close code 1005 must not be sent",
                "8883 00000000 03e8ff | the close reason is not valid UTF-8",
                "8181 00000000 ff | text is not valid UTF-8",
                "8182 00000000 61c3 | text ends within a character",
            })
    void aViolationSaysWhatWasWrong(String hex, String reason) {
        WebSocketDecoder.Violation violation = decode(HexFormat.of().parseHex(hex.replace(" ", "")));

        assertThat(violation).extracting(WebSocketDecoder.Violation::reason).isEqualTo(reason);
    }

    /** As after a close frame: what follows belongs to nobody. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 9, 10})
    void nothingIsDecodedBehindAFrameAfterWhichTheSinkStops(int opcode) {
        List<String> taken = new ArrayList<>();
        ByteBuf in = Unpooled.wrappedBuffer(
                ClientFrames.frame(true, opcode, new byte[0]), ClientFrames.frame(true, opcode, new byte[0]));

        WebSocketDecoder.Violation violation = new WebSocketDecoder(MAX).decode(in, new Stopping(taken));

        assertThat(violation).isNull();
        assertThat(taken).hasSize(1);
        assertThat(in.readableBytes()).isEqualTo(6);
    }

    @Test
    void anUnfinishedControlFrameReservesItsLength() {
        WebSocketDecoder decoder = new WebSocketDecoder(MAX);

        decoder.decode(Unpooled.wrappedBuffer(ClientFrames.header(true, 9, 100)), seen);

        assertThat(decoder.reservedBytes()).isEqualTo(100);
    }

    @Test
    void fragmentsTogetherMayReachTheLimit() {
        WebSocketDecoder decoder = new WebSocketDecoder(10);
        byte[] frames =
                ClientFrames.join(ClientFrames.frame(false, 2, new byte[6]), ClientFrames.frame(true, 0, new byte[4]));

        assertThat(decoder.decode(Unpooled.wrappedBuffer(frames), seen)).isNull();
        assertThat(seen.binaries).singleElement().isEqualTo(new byte[10]);
    }

    /** The bound is of data; a control frame between the fragments of a full message has its own. */
    @Test
    void aControlFrameIsNotCountedAgainstTheMessage() {
        WebSocketDecoder decoder = new WebSocketDecoder(10);
        byte[] frames = ClientFrames.join(
                ClientFrames.frame(false, 2, new byte[10]),
                ClientFrames.frame(true, 9, new byte[125]),
                ClientFrames.frame(true, 0, new byte[0]));

        assertThat(decoder.decode(Unpooled.wrappedBuffer(frames), seen)).isNull();
        assertThat(seen.binaries).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void validCloseCodesAreReceived(int code) {
        assertThat(decode(ClientFrames.close(code))).isNull();

        assertThat(seen.events).containsExactly("close:" + code);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535})
    void invalidCloseCodesEndTheConnection(int code) {
        WebSocketDecoder.Violation violation = decode(ClientFrames.close(code));

        assertThat(violation).extracting(WebSocketDecoder.Violation::closeCode).isEqualTo(1002);
    }

    @Test
    void anEmptyCloseFrameHasNoCode() {
        assertThat(decode(ClientFrames.frame(true, 8, new byte[0]))).isNull();

        assertThat(seen.events).containsExactly("close:1005");
    }

    @Test
    void invalidTextEndsTheConnectionBeforeTheMessageIsComplete() {
        WebSocketDecoder decoder = new WebSocketDecoder(MAX);
        byte[] text = "κόσμεxxxxedited".getBytes(UTF_8);
        text[12] = (byte) 0xF5;
        byte[] frame = ClientFrames.join(ClientFrames.header(true, 1, 1000), ClientFrames.masked(text));

        WebSocketDecoder.Violation violation = decoder.decode(Unpooled.wrappedBuffer(frame), seen);

        assertThat(violation).extracting(WebSocketDecoder.Violation::closeCode).isEqualTo(1007);
    }

    @Test
    void fragmentsTogetherMayNotPassTheLimit() {
        WebSocketDecoder decoder = new WebSocketDecoder(10);
        byte[] frames =
                ClientFrames.join(ClientFrames.frame(false, 2, new byte[6]), ClientFrames.frame(true, 0, new byte[5]));

        WebSocketDecoder.Violation violation = decoder.decode(Unpooled.wrappedBuffer(frames), seen);

        assertThat(violation).extracting(WebSocketDecoder.Violation::closeCode).isEqualTo(1009);
    }

    @ParameterizedTest
    @CsvSource({"1, 512", "1000, 2048", "50000, 100000"})
    void anUnfinishedMessageReservesAtMostTwiceWhatHasCome(int received, int mostReserved) {
        WebSocketDecoder decoder = new WebSocketDecoder(MAX);
        byte[] start = ClientFrames.join(ClientFrames.header(true, 2, MAX), new byte[received]);
        for (byte b : start) {
            decoder.decode(Unpooled.wrappedBuffer(new byte[] {b}), seen);
        }

        assertThat(decoder.reservedBytes()).isBetween(received, mostReserved);
    }

    @Test
    void nothingIsReservedBetweenMessages() {
        WebSocketDecoder decoder = new WebSocketDecoder(MAX);

        decoder.decode(Unpooled.wrappedBuffer(ClientFrames.text("x".repeat(50_000))), seen);

        assertThat(decoder.reservedBytes()).isZero();
    }

    private WebSocketDecoder.@Nullable Violation decode(byte[] bytes) {
        return new WebSocketDecoder(MAX).decode(Unpooled.wrappedBuffer(bytes), seen);
    }

    private WebSocketDecoder.@Nullable Violation decodeByteByByte(byte[] bytes) {
        WebSocketDecoder decoder = new WebSocketDecoder(MAX);
        WebSocketDecoder.Violation violation = null;
        for (int i = 0; i < bytes.length && violation == null; i++) {
            ByteBuf piece = Unpooled.wrappedBuffer(bytes, i, 1);
            violation = decoder.decode(piece, seen);
        }
        return violation;
    }

    private static org.junit.jupiter.params.provider.Arguments violation(String name, int closeCode, byte[] bytes) {
        return org.junit.jupiter.params.provider.Arguments.of(name, closeCode, bytes);
    }

    /** Takes one frame, whatever it is. */
    private record Stopping(List<String> taken) implements WebSocketDecoder.Sink {
        @Override
        public boolean text(byte[] payload) {
            return stop("text");
        }

        @Override
        public boolean binary(byte[] payload) {
            return stop("binary");
        }

        @Override
        public boolean ping(byte[] payload) {
            return stop("ping");
        }

        @Override
        public boolean pong() {
            return stop("pong");
        }

        @Override
        public boolean close(int code) {
            return stop("close");
        }

        private boolean stop(String kind) {
            taken.add(kind);
            return false;
        }
    }

    private static final class Recorder implements WebSocketDecoder.Sink {
        private final List<String> events = new ArrayList<>();
        private final List<byte[]> binaries = new ArrayList<>();

        @Override
        public boolean text(byte[] payload) {
            return events.add("text:" + new String(payload, UTF_8));
        }

        @Override
        public boolean binary(byte[] payload) {
            return binaries.add(payload);
        }

        @Override
        public boolean ping(byte[] payload) {
            return events.add("ping:" + new String(payload, UTF_8));
        }

        @Override
        public boolean pong() {
            return events.add("pong");
        }

        @Override
        public boolean close(int code) {
            events.add("close:" + code);
            return false;
        }
    }
}
