package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientTest {
    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

    private final List<String> said = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Traffic traffic = new Traffic(channel.eventLoop(), 2);
    private final Client client = new Client(new Listener(), traffic, 80);

    @AfterEach
    void end() {
        client.close();
        channel.finishAndReleaseAll();
    }

    @Test
    void connectsAndAnswersPings() {
        start();
        receive(SWITCHING.getBytes(StandardCharsets.US_ASCII));
        receive(frame("0{\"sid\":\"x\"}"));
        receive(frame("40{\"sid\":\"y\"}"));
        receive(frame("2"));

        assertThat(said).containsExactly("connected");
        assertThat(sent()).contains("EIO=4&transport=websocket", "Upgrade: websocket");
        assertThat(sentFrames(2)).containsExactly("40", "3");
    }

    @Test
    void framesMayBeCutAnywhere() {
        byte[] stream = concat(
                SWITCHING.getBytes(StandardCharsets.US_ASCII),
                frame("0{\"sid\":\"x\"}"),
                frame("40{\"sid\":\"y\"}"),
                frame(tick(0, 0)),
                frame(tick(1, 0)),
                frame(tick(0, 1)));
        for (int cut = 1; cut < stream.length; cut++) {
            EmbeddedChannel other = new EmbeddedChannel();
            Traffic counted = new Traffic(other.eventLoop(), 2);
            other.pipeline().addLast(new Client(new Listener(), counted, 80));
            other.writeInbound(Unpooled.copiedBuffer(stream, 0, cut));
            other.writeInbound(Unpooled.copiedBuffer(stream, cut, stream.length - cut));

            Traffic.Window window = counted.window();
            assertThat(window.delivered()).as("cut at %d", cut).isEqualTo(3);
            assertThat(window.misordered()).isZero();
            other.finishAndReleaseAll();
        }
    }

    @Test
    void repeatsAndGapsAreCounted() {
        start();
        receive(SWITCHING.getBytes(StandardCharsets.US_ASCII));
        receive(frame("40{\"sid\":\"y\"}"));
        receive(frame(tick(0, 0)));
        receive(frame(tick(0, 0)));
        receive(frame(tick(0, 2)));
        receive(frame(tick(1, 0)));

        assertThat(traffic.window().delivered()).isEqualTo(4);
        assertThat(traffic.window().misordered()).isEqualTo(2);
    }

    @Test
    void aRefusedHandshakeIsTold() {
        start();
        receive("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(said).containsExactly("the handshake was refused: HTTP/1.1 400 Bad Request");
    }

    @Test
    void aClosedConnectionIsTold() {
        start();
        receive(SWITCHING.getBytes(StandardCharsets.US_ASCII));
        channel.close().syncUninterruptibly();

        assertThat(said).containsExactly("the server closed a connection");
    }

    private void start() {
        channel.pipeline().addLast(client);
        channel.pipeline().fireChannelActive();
    }

    private void receive(byte[] bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes));
    }

    private String sent() {
        ByteBuf buffer = channel.readOutbound();
        try {
            return buffer.toString(StandardCharsets.US_ASCII);
        } finally {
            buffer.release();
        }
    }

    /** Unmasks short frames. */
    private List<String> sentFrames(int count) {
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteBuf buffer = channel.readOutbound();
            byte[] bytes = ByteBufUtil.getBytes(buffer);
            buffer.release();
            StringBuilder text = new StringBuilder();
            for (int at = 6; at < bytes.length; at++) {
                text.append((char) (bytes[at] ^ bytes[2 + (at - 6) % 4]));
            }
            frames.add(text.toString());
        }
        return frames;
    }

    private static String tick(int publisher, int sequence) {
        return "42[\"tick\",\""
                + new String(Payload.encode(publisher, sequence, System.nanoTime()), StandardCharsets.US_ASCII) + "\"]";
    }

    private static byte[] frame(String text) {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        byte[] head = body.length < 126
                ? new byte[] {(byte) 0x81, (byte) body.length}
                : new byte[] {(byte) 0x81, 126, (byte) (body.length >> 8), (byte) body.length};
        return concat(head, body);
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuf joined = Unpooled.wrappedBuffer(parts);
        return ByteBufUtil.getBytes(joined);
    }

    private final class Listener implements Client.Owner {
        @Override
        public void connected() {
            said.add("connected");
        }

        @Override
        public void lost(Throwable cause) {
            said.add(String.valueOf(cause.getMessage()));
        }
    }
}
