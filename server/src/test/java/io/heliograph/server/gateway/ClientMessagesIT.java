package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What clients send over sockets is held to its types as bodies of requests are. */
class ClientMessagesIT {
    private static TestServer server;
    private static String token;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServer.start(folder);
        token = server.token("acme", "ada", Role.OPERATOR);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"token\":1}                              | auth.token",
                "{\"token\":true}                           | auth.token",
                "{\"token\":null}                           | auth.token",
                "{\"token\":[\"a\"]}                        | auth.token",
                "{\"token\":{}}                             | auth.token",
                "{\"token\":\"a\\u0000\"}                   | auth.token",
                "{\"token\":\"a\\ud83d\"}                   | auth.token",
                "{\"token\":\"t\",\"cursor\":7}             | auth.cursor",
                "{\"token\":\"t\",\"cursor\":null}          | auth.cursor",
                "{\"token\":\"t\",\"cursor\":\"\\u0000\"}   | auth.cursor",
                "{\"token\":\"t\",\"pid\":1,\"offset\":2}   | auth.pid",
                "{\"token\":\"t\",\"pid\":\"p\",\"offset\":[]} | auth.offset"
            })
    void aFieldOfAuthThatDoesNotFitIsRefusedByName(String auth, String field) {
        try (TestSocket socket = TestSocket.open(server)) {
            socket.connectWith(auth.strip().replace("\"t\"", "\"" + token + "\""));

            JsonNode refused = socket.connectError();
            assertThat(refused.at("/data/code").asString()).isEqualTo("invalid_request");
            assertThat(refused.get("message").asString()).startsWith(field + " must ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "auth:renew    | {\"token\":1}                   | token",
                "auth:renew    | {\"token\":null}                | token",
                "auth:renew    | {\"token\":\"\"}                | token",
                "auth:renew    | {\"token\":\"a\\u0000\"}        | token",
                "auth:renew    | {}                              | token",
                "auth:renew    | {\"token\":\"a\",\"x\":1}       | x",
                "auth:renew    | \"a\"                           | body",
                "auth:renew    | null                            | body",
                "auth:renew    | []                              | body",
                "auth:renew    | {\"token\":\"a\",\"token\":\"b\"} | body",
                "topics:watch  | {\"agents\":1}                  | agents",
                "topics:watch  | {\"agents\":null}               | agents",
                "topics:watch  | {\"agents\":\"ALL\"}            | agents",
                "topics:watch  | {\"agents\":\" all \"}          | agents",
                "topics:watch  | {\"agents\":{}}                 | agents",
                "topics:watch  | {\"agents\":true}               | agents",
                "topics:watch  | {\"agents\":[\"a\",1]}          | agents[1]",
                "topics:watch  | {\"agents\":[null]}             | agents[0]",
                "topics:watch  | {\"agents\":[\"\"]}             | agents[0]",
                "topics:watch  | {\"agents\":[\"a\",\"\\ud83d\"]} | agents[1]",
                "topics:watch  | {\"agents\":[\"a\\u0000\"]}     | agents[0]",
                "topics:watch  | {\"agents\":1e400}              | agents",
                "topics:watch  | {}                              | topics",
                "topics:watch  | {\"topics\":null}               | topics",
                "topics:watch  | {\"topics\":[\"a\",\"a b\"]}     | topics[1]",
                "topics:watch  | {\"topics\":[\"*/a\"]}           | topics[0]",
                "topics:watch  | {\"topics\":[1]}              | topics[0]",
                "topics:watch  | {\"topics\":\"none\"}             | topics",
                "topics:watch  | {\"agents\":[],\"x\":1}         | x",
                "clock         | {\"at\":1}                      | at",
                "clock         | null                            | body",
                "clock         | 7                               | body",
                "clock         | []                              | body"
            })
    void aFieldOfAnEventThatDoesNotFitIsAnErrorThatNamesIt(String event, String argument, String field) {
        try (TestSocket socket = TestSocket.connected(server, token)) {
            JsonNode ack = socket.emitJson(event.strip(), argument.strip()).join();

            assertThat(ack.at("/error/code").asString()).isEqualTo("invalid_request");
            assertThat(ack.at("/error/errors/0/field").asString()).isEqualTo(field);
        }
    }

    @Test
    void oneArgumentIsTakenAndNeitherNoneNorTwo() {
        try (TestSocket socket = TestSocket.connected(server, token)) {
            String watch = "{\"agents\":[\"a\",\"b\"]}";

            assertThat(socket.emitJson("topics:watch", watch).join().path("ok").asBoolean())
                    .isTrue();
            assertThat(socket.emitJson("topics:watch", watch + "," + watch)
                            .join()
                            .at("/error/errors/0/field")
                            .asString())
                    .isEqualTo("body");
            assertThat(socket.emitJson("auth:renew", "{\"token\":\"" + token + "\"}")
                            .join()
                            .path("ok")
                            .asBoolean())
                    .isTrue();
        }
    }
}
