package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import io.heliograph.engineio.MessageBytes;
import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Arguments that the application's own JSON library binds: Gson as an example, or a mapper of Jackson. */
class JsonCodecTest {

    /** Gson's names in upper case would show if Jackson had bound it. */
    static final class Order {
        @com.google.gson.annotations.SerializedName("ORDER_ID")
        long id;

        @com.google.gson.annotations.SerializedName("ITEMS")
        List<String> items = List.of();
    }

    private record OrderLine(String shop, Map<String, Order> orders) {}

    private static final class GsonCodec implements JsonCodec {
        private final Gson gson = new Gson();

        @Override
        public Object read(byte[] json, int offset, int length, Type type) {
            return gson.fromJson(new InputStreamReader(new ByteArrayInputStream(json, offset, length), UTF_8), type);
        }

        @Override
        public byte[] write(Object value) throws IOException {
            if (value instanceof Thread) {
                throw new IOException("threads are not sent");
            }
            return gson.toJson(value).getBytes(UTF_8);
        }
    }

    private final Clients clients = clients(Parser.json(ParserLimits.defaults().with(new GsonCodec())));

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void argumentsAreBoundByTheCodec() {
        Connected client = clients.connect();
        List<Object> heard = new ArrayList<>();
        client.socket().on("order", Order.class, String.class, (order, note, ack) -> {
            heard.addAll(order.items);
            heard.add(order.id + note);
        });
        client.socket()
                .onRecord(
                        "line",
                        OrderLine.class,
                        (line, ack) -> heard.add(
                                line.shop() + line.orders().values().iterator().next().id));

        client.peer()
                .send("2[\"order\",{\"ORDER_ID\":7,\"ITEMS\":[\"ü\"]},\"!\"]")
                .send("2[\"line\",\"north\",{\"a\":{\"ORDER_ID\":8}}]");

        assertThat(heard).containsExactly("ü", "7!", "north8");
    }

    @Test
    void whatItCannotReadIsInvalid() {
        Connected client = clients.connect();
        client.socket().on("order", Order.class, (order, ack) -> ack.send("ok"));

        client.peer().send("21[\"order\",[]]").send("22[\"order\",null]").send("23[\"order\",{\"ORDER_ID\":\"x\"}]");

        assertThat(client.received())
                .hasSize(3)
                .allSatisfy(answer -> assertThat(answer)
                        .contains("{\"error\":{")
                        .contains("\"code\":\"invalid_payload\"")
                        .contains("argument 0 does not fit Order"));
    }

    @Test
    void argumentsAreWrittenByTheCodec() {
        Connected client = clients.connect();
        Order order = new Order();
        order.id = 7;
        order.items = List.of("ü", "b");
        JsonNode tree = JsonMapper.shared().readTree("{\"a\":[1.5]}");

        client.socket().emit("order", order, "text", 1, tree);

        assertThat(client.received())
                .containsExactly("2[\"order\",{\"ORDER_ID\":7,\"ITEMS\":[\"ü\",\"b\"]},\"text\",1,{\"a\":[1.5]}]");
        assertThatThrownBy(() -> client.socket().emit("thread", Thread.currentThread()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("threads are not sent");
    }

    @Test
    void binaryAsAnArgumentIsAnAttachmentInBothDirections() {
        Connected client = clients.connect();
        List<byte[]> heard = new ArrayList<>();
        client.socket().on("file", byte[].class, (bytes, ack) -> heard.add(bytes));
        client.socket().on("orders", String.class, Order.class, (note, order, ack) -> heard.add(note.getBytes(UTF_8)));

        client.peer().send("51-[\"file\",{\"_placeholder\":true,\"num\":0}]").send(new byte[] {1, 2});
        client.peer()
                .send("51-[\"orders\",\"beside\",{\"ORDER_ID\":1},{\"_placeholder\":true,\"num\":0}]")
                .send(new byte[] {1, 2});
        client.socket().emit("file", (Object) new byte[] {3, 4, 5});

        assertThat(heard).containsExactly(new byte[] {1, 2}, "beside".getBytes(UTF_8));
        assertThat(client.received()).containsExactly("51-[\"file\",{\"_placeholder\":true,\"num\":0}]", "binary 3");
    }

    @Test
    void rejectionsCarryDataThatTheCodecWrites() {
        Order order = new Order();
        order.id = 9;
        clients.main().use((socket, next) -> next.reject(ConnectError.of("no", order)));

        Peer peer = clients.peer().send("0");

        assertThat(peer.received()).containsExactly("4{\"message\":\"no\",\"data\":{\"ORDER_ID\":9,\"ITEMS\":[]}}");
    }

    @Test
    void outgoingListenersSeeWhatTheCodecWrites() {
        Connected client = clients.connect();
        List<String> seen = new ArrayList<>();
        client.socket()
                .onAnyOutgoing((event, arguments) -> seen.add(arguments.get(0).toString()));

        client.socket().emit("order", new Order());

        assertThat(seen).containsExactly("{\"ORDER_ID\":0,\"ITEMS\":[]}");
    }

    @Test
    void messagePackUsesTheCodecToo() {
        Parser parser = Parser.messagePack(ParserLimits.defaults().with(new GsonCodec()));
        Order order = new Order();
        order.id = 7;

        Decoded decoded = parser.newDecoder()
                .binary(MessageBytes.payload(parser.event("/", Packet.NO_ACK, "order", List.of(order, new byte[2]))
                        .getFirst()));

        Arguments arguments = ((Packet.Event) ((Decoded.Complete) decoded).packet()).arguments();
        assertThat(arguments.get(0, Order.class).id).isEqualTo(7);
        assertThat(arguments.get(0)).hasToString("{\"ORDER_ID\":7,\"ITEMS\":[]}");
        assertThat(arguments.get(1, byte[].class)).hasSize(2);
    }

    @Test
    void aMapperOfJacksonBringsItsSettings() {
        record Line(String orderId) {}
        JsonMapper snake = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        try (Clients ofMapper = clients(Parser.json(ParserLimits.defaults().with(JsonCodec.jackson(snake))))) {
            Connected client = ofMapper.connect();
            client.socket().on("line", Line.class, (line, ack) -> ack.send(line));

            client.peer().send("21[\"line\",{\"order_id\":\"o1\"}]");

            assertThat(client.received()).containsExactly("31[{\"order_id\":\"o1\"}]");
        }
    }

    private static Clients clients(Parser parser) {
        return new Clients(Loops.ONE_FOR_ALL, builder -> builder.parser(parser));
    }
}
