package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.get;
import static io.heliograph.engineio.Connection.post;
import static io.heliograph.engineio.Connection.upgrade;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the application adds to answers, as Node's {@code initial_headers} and {@code headers} do. */
class ResponseHeadersTest {
    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";

    private final Recorder recorder = new Recorder();
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void closeConnections() {
        connections.forEach(Connection::close);
    }

    @Test
    void theHandshakesAnswerHasTheInitialOnesAndThoseOfEveryAnswer() {
        EngineIoServer server = server(new Both());

        assertThat(connect(server).send(get(POLLING)).text())
                .contains("x-initial: " + recorder.session().id() + "\r\n")
                .contains("x-every: polling\r\n");
    }

    @Test
    void a101HasThemToo() {
        EngineIoServer server = server(new Both());

        assertThat(connect(server).send(upgrade(WEBSOCKET)).text())
                .contains("x-initial: " + recorder.session().id() + "\r\n")
                .contains("x-every: websocket\r\n");
    }

    @Test
    void laterAnswersHaveThoseOfEveryAnswerOnly() {
        EngineIoServer server = server(new Both());
        Connection connection = connect(server);
        String sid = connection.handshake();
        recorder.session().send(Message.text("news"));

        List<String> later = List.of(
                connection.send(get(POLLING + "&sid=" + sid)).text(),
                connection.send(post(POLLING + "&sid=" + sid, "4x")).text(),
                connect(server).send(upgrade(WEBSOCKET + "&sid=" + sid)).text());

        assertThat(later)
                .allSatisfy(answer ->
                        assertThat(answer).contains("x-every: polling\r\n").doesNotContain("x-initial"));
    }

    @Test
    void anAnswerThatBelongsToNoSessionHasNone() {
        assertThat(connect(server(new Both()))
                        .send(get(POLLING + "&sid=unknown"))
                        .text())
                .doesNotContain("x-every");
    }

    @Test
    void theServersOwnHeadersStandAndItsCookieIsSentBesideTheirs() {
        EngineIoServer server = server(new ResponseHeaders() {
            @Override
            public Map<String, String> initial(Session session) {
                return Map.of("Set-Cookie", "theirs=1", "Content-Length", "7000", "Cache-Control", "public");
            }
        });

        assertThat(connect(server).send(get(POLLING)).text())
                .contains("theirs=1", "set-cookie: io=" + recorder.session().id(), "cache-control: no-store")
                .doesNotContain("7000")
                .doesNotContain("public");
    }

    @Test
    void oneThatIsNotValidOrFailsIsLeftOut() {
        EngineIoServer split = server(new ResponseHeaders() {
            @Override
            public Map<String, String> every(Session session) {
                return Map.of("x-every", "a\r\nx-injected: b");
            }
        });
        EngineIoServer failing = server(new ResponseHeaders() {
            @Override
            public Map<String, String> every(Session session) {
                throw new StackOverflowError("as from application code");
            }
        });

        assertThat(connect(split).send(get(POLLING)).text())
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("x-injected");
        assertThat(connect(failing).send(get(POLLING)).text()).startsWith("HTTP/1.1 200 ");
    }

    private static final class Both implements ResponseHeaders {
        @Override
        public Map<String, String> initial(Session session) {
            return Map.of("x-initial", session.id());
        }

        @Override
        public Map<String, String> every(Session session) {
            return Map.of("x-every", session.handshake().query().getOrDefault("transport", "none"));
        }
    }

    private EngineIoServer server(ResponseHeaders headers) {
        return EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder()
                        .cookie(StickyCookie.standard())
                        .build())
                .responseHeaders(headers)
                .build();
    }

    private Connection connect(EngineIoServer server) {
        Connection connection = new Connection(server);
        connections.add(connection);
        return connection;
    }
}
