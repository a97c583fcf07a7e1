package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Listeners whose arguments are all bound to types, and what a client is told whose arguments do not fit. */
class TypedListenersTest {

    private record Square(String file, int rank) {}

    private record Move(String piece, Square to, List<Square> via, Map<String, Integer> clock) {
        private Move {
            if (piece.isEmpty()) {
                throw new IllegalArgumentException("no piece");
            }
        }
    }

    private final Clients clients = new Clients(Loops.ONE_FOR_ALL);
    private final List<Object> heard = new ArrayList<>();
    private Connected client;

    @BeforeEach
    void connect() {
        client = clients.connect();
        Socket socket = client.socket();
        socket.on("one", Square.class, (square, ack) -> {
            heard.add(square);
            ack.send("ok");
        });
        socket.on("two", String.class, int.class, (piece, count, ack) -> {
            heard.add(piece + count);
            ack.send("ok");
        });
        socket.on("three", String.class, Integer.class, Square.class, (piece, count, square, ack) -> {
            heard.add(piece + count + square.file());
            ack.send("ok");
        });
        socket.onRecord("move", Move.class, (move, ack) -> {
            heard.add(move);
            ack.send("ok");
        });
    }

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void twoAndThreeArgumentsAreBound() {
        client.peer().send("21[\"two\",\"rook\",2]").send("22[\"three\",\"king\",1,{\"file\":\"e\",\"rank\":1}]");

        assertThat(heard).containsExactly("rook2", "king1e");
        assertThat(client.received()).containsExactly("31[\"ok\"]", "32[\"ok\"]");
    }

    /** As in Node, where a listener does not see the arguments that it does not name. */
    @Test
    void moreArgumentsThanThatAreIgnored() {
        client.peer().send("2[\"two\",\"rook\",2,true,null]");

        assertThat(heard).containsExactly("rook2");
    }

    @Test
    void theComponentsOfARecordAreTheArguments() {
        client.peer()
                .send("27[\"move\",\"rook\",{\"file\":\"a\",\"rank\":8},[{\"file\":\"a\",\"rank\":4}],{\"white\":60}]");

        assertThat(heard)
                .containsExactly(
                        new Move("rook", new Square("a", 8), List.of(new Square("a", 4)), Map.of("white", 60)));
        assertThat(client.received()).containsExactly("37[\"ok\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "two,'rook'             | argument 1 is missing, there are 1",
                "two,'rook','many'      | argument 1 does not fit int",
                "two,{},2               | argument 0 does not fit String",
                "two,'rook',null        | argument 1 does not fit int",
                "three,'king',1,[]      | argument 2 does not fit Square",
                "three,'king',1         | argument 2 is missing, there are 2",
                "move,'rook',{'file':'a','rank':'x'},[],{} | argument 1 does not fit Square at [\"rank\"]",
                "move,'rook',{'file':'a','rank':1},[],{'white':'x'} | argument 3 does not fit Map<String, Integer> at [\"white\"]",
                "move,'',{'file':'a','rank':1},[],{} | the arguments do not fit Move",
                "move                   | argument 0 is missing, there are 0"
            })
    void whatDoesNotFitIsAnsweredAsInvalid(String event, String message) {
        String arguments = event.strip().replaceFirst("^(\\w+)", "'$1'").replace('\'', '"');

        client.peer().send("25[" + arguments + "]");

        String answer = String.join("", client.received());
        assertThat(answer).startsWith("35[");
        JsonNode error =
                JsonMapper.shared().readTree(answer.substring(2)).path(0).path("error");
        assertThat(error.path("code").asString()).isEqualTo("invalid_payload");
        assertThat(error.path("message").asString()).isEqualTo(message);
        assertThat(heard).isEmpty();
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // as a caller without generics may
    void onlyARecordHasComponents() {
        assertThatThrownBy(() -> client.socket().onRecord("x", (Class) String.class, (value, ack) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("java.lang.String is not a record, expected one");
    }
}
