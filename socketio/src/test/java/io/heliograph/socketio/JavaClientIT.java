package io.heliograph.socketio;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.ListeningServer;
import io.heliograph.engineio.Transport;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import io.socket.engineio.client.transports.Polling;
import io.socket.engineio.client.transports.WebSocket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code io.socket:socket.io-client} 2.1 of Java and Android against the stand-alone server. */
class JavaClientIT {

    /** How the client reaches the server. */
    enum Mode {
        POLLING,
        WEBSOCKET,
        UPGRADE;

        String[] transports() {
            return switch (this) {
                case POLLING -> new String[] {Polling.NAME};
                case WEBSOCKET -> new String[] {WebSocket.NAME};
                case UPGRADE -> new String[] {Polling.NAME, WebSocket.NAME};
            };
        }
    }

    private final SocketIoServer io = TestApplication.create(Callbacks.LOOP);
    private final BlockingQueue<String> disconnects = new LinkedBlockingQueue<>();
    private final ListeningServer server = io.bind(ProtocolSuiteIT.loopback());
    private @Nullable Socket client;

    @AfterEach
    void close() {
        client().close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void anEmitIsAcknowledgedByTheServer(Mode mode) throws Exception {
        connect("/", mode);

        JSONArray echoed = (JSONArray) emit("echo", "ü€🚀", 42, new JSONObject("{\"a\":[null,true]}"))[0];

        assertThat(echoed.getString(0)).isEqualTo("ü€🚀");
        assertThat(echoed.getInt(1)).isEqualTo(42);
        assertThat(echoed.getJSONObject(2).toString()).isEqualTo("{\"a\":[null,true]}");
    }

    @ParameterizedTest
    @EnumSource
    void anEmitOfTheServerIsAcknowledgedByTheClient(Mode mode) throws Exception {
        connect("/", mode);
        BlockingQueue<Object> answered = new LinkedBlockingQueue<>();
        client().on("question", arguments -> ((Ack) arguments[2]).call(arguments[0] + "+" + arguments[1]));
        client().on("answered", arguments -> answered.add(arguments[0]));

        client().emit("ask", "one", "two");

        assertThat(answered.poll(20, SECONDS)).isEqualTo("one+two");
    }

    /**
     * Over polling the client writes base64 in lines of 76 characters and ends it with a line feed. 57
     * bytes fill a line: each form of padding and of the last line is there, and one message of many lines.
     */
    @ParameterizedTest
    @EnumSource
    void binaryOfAnyLengthComesBackAsItWas(Mode mode) throws Exception {
        connect("/", mode);

        for (int length : List.of(0, 1, 2, 3, 55, 56, 57, 58, 59, 113, 114, 115, 171, 70_000)) {
            assertThat(echo(bytes(length))).as("%d bytes", length).isEqualTo(bytes(length));
        }
        assertThat(disconnects).isEmpty();
    }

    /** The WebSocket is opened only after the first echoes, so that these come by polling. */
    @Test
    void aPollingSessionMovesToAWebSocketWhileBinaryIsUnderWay() throws Exception {
        CountDownLatch polled = new CountDownLatch(1);
        OkHttpClient webSockets = new OkHttpClient.Builder()
                .addInterceptor(chain -> proceedAfter(polled, chain))
                .build();
        IO.Options options = options(Mode.UPGRADE);
        options.webSocketFactory = webSockets;
        connect("/", options);

        assertThat(echo(bytes(1))).isEqualTo(bytes(1));
        assertThat(transport()).isEqualTo(Transport.POLLING);
        polled.countDown();
        for (int length = 2; transport() == Transport.POLLING; length++) {
            assertThat(echo(bytes(length))).isEqualTo(bytes(length));
        }

        assertThat(echo(bytes(100))).isEqualTo(bytes(100));
        assertThat(disconnects).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalAndAnotherNamespaceAreUnderstood(Mode mode) throws Exception {
        connect("/tenant-7", mode);
        assertThat(emit("where")).containsExactly("/tenant-7");
        BlockingQueue<Object> refusals = new LinkedBlockingQueue<>();
        Socket guarded = client().io().socket("/guarded");
        guarded.on(Socket.EVENT_CONNECT_ERROR, arguments -> refusals.add(arguments[0]));

        guarded.connect();

        JSONObject refusal = (JSONObject) requireNonNull(refusals.poll(20, SECONDS));
        assertThat(refusal.getString("message")).isEqualTo("not allowed");
        assertThat(refusal.getJSONObject("data").getString("code")).isEqualTo("token_invalid");
        guarded.close();
    }

    private static Response proceedAfter(CountDownLatch latch, Interceptor.Chain chain) throws IOException {
        try {
            if (!latch.await(20, SECONDS)) {
                throw new IOException("the WebSocket was never let through");
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException(e.getMessage());
        }
        return chain.proceed(chain.request());
    }

    private static IO.Options options(Mode mode) {
        return IO.Options.builder()
                .setForceNew(true)
                .setReconnection(false)
                .setTransports(mode.transports())
                .build();
    }

    private void connect(String namespace, Mode mode) throws InterruptedException {
        connect(namespace, options(mode));
    }

    private void connect(String namespace, IO.Options options) throws InterruptedException {
        Socket socket =
                IO.socket(URI.create("http://127.0.0.1:" + server.address().getPort() + namespace), options);
        client = socket;
        BlockingQueue<Object> connects = new LinkedBlockingQueue<>();
        socket.on(Socket.EVENT_CONNECT, arguments -> connects.add(true));
        socket.on(Socket.EVENT_CONNECT_ERROR, arguments -> connects.add(arguments[0]));
        socket.on(Socket.EVENT_DISCONNECT, arguments -> disconnects.add(String.valueOf(arguments[0])));
        socket.connect();
        assertThat(connects.poll(20, SECONDS)).isEqualTo(true);
    }

    private Object[] emit(String event, Object... arguments) throws Exception {
        CompletableFuture<Object[]> answer = new CompletableFuture<>();
        client().emit(event, arguments, answer::complete);
        return answer.get(20, SECONDS);
    }

    private byte[] echo(byte[] binary) throws Exception {
        return (byte[]) ((JSONArray) emit("echo", (Object) binary)[0]).get(0);
    }

    private Transport transport() {
        return io.of("/").find(client().id()).orElseThrow().transport();
    }

    private Socket client() {
        return requireNonNull(client, "connect comes first");
    }

    private static byte[] bytes(int length) {
        byte[] binary = new byte[length];
        for (int i = 0; i < length; i++) {
            binary[i] = (byte) (i * 31 + length);
        }
        return binary;
    }
}
