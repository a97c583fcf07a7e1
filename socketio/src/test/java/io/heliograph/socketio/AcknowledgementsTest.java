package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Questions and answers in both directions, as they stand on the wire. */
class AcknowledgementsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Clients clients = new Clients(Loops.ONE_FOR_ALL);

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void everyQuestionHasAnIdOfItsOwnAndAnswersMayCrossOver() {
        Connected client = clients.connect();
        List<CompletableFuture<Arguments>> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(ask(client, "question"));
        }

        assertThat(client.received()).containsExactly("20[\"question\"]", "21[\"question\"]", "22[\"question\"]");
        client.peer().send("32[\"c\"]").send("30[\"a\"]").send("31[\"b\"]");

        assertThat(answers)
                .extracting(answer -> answer.join().get(0, String.class))
                .containsExactly("a", "b", "c");
    }

    /** One id for all receivers of a broadcast, and the next question has another. */
    @Test
    void aBroadcastAsksEveryoneUnderOneId() {
        Connected one = clients.connect();
        Connected two = clients.connect();

        clients.main().timeout(SECOND).emitWithAck("question");
        var _ = ask(two, "another");

        assertThat(one.received()).containsExactly("20[\"question\"]");
        assertThat(two.received()).containsExactly("20[\"question\"]", "21[\"another\"]");
    }

    @Test
    void anotherClientsAnswerIsNotTaken() {
        Connected asked = clients.connect();
        Connected other = clients.connect();
        CompletableFuture<Arguments> answer = ask(asked, "question");
        clients.run();

        other.peer().send("30[\"forged\"]");
        assertThat(answer).isNotDone();
        asked.peer().send("30[\"true\"]");

        assertThat(answer.join().get(0, String.class)).isEqualTo("true");
        assertThat(other.socket().connected()).isTrue();
    }

    @Test
    void theFirstAnswerCounts() {
        Connected client = clients.connect();
        CompletableFuture<Arguments> answer = ask(client, "question");
        clients.run();

        client.peer().send("30[1]").send("30[2]");

        assertThat(answer.join().get(0, Integer.class)).isEqualTo(1);
        assertThat(client.socket().connected()).isTrue();
    }

    @Test
    void anAnswerMayHaveManyArgumentsOrNone() {
        Connected client = clients.connect();
        CompletableFuture<Arguments> many = ask(client, "many");
        CompletableFuture<Arguments> none = ask(client, "none");
        clients.run();

        client.peer().send("30[1,\"two\",null]").send("31[]");

        assertThat(many.join().size()).isEqualTo(3);
        assertThat(many.join().get(1, String.class)).isEqualTo("two");
        assertThat(none.join().size()).isZero();
    }

    @Test
    void anAnswerMayHaveAttachments() {
        Connected client = clients.connect();
        CompletableFuture<Arguments> answer = ask(client, "file");
        clients.run();

        client.peer().send("61-0[{\"_placeholder\":true,\"num\":0}]");
        assertThat(answer).isNotDone();
        client.peer().send("bytes".getBytes(UTF_8));

        assertThat(answer.join().get(0, byte[].class)).isEqualTo("bytes".getBytes(UTF_8));
    }

    @Test
    void ourAnswerMayHaveAttachments() {
        Connected client = clients.connect();
        client.socket().on("file", (arguments, ack) -> ack.send("here", new byte[] {1, 2, 3}));

        client.peer().send("27[\"file\"]");

        assertThat(client.received()).containsExactly("61-7[\"here\",{\"_placeholder\":true,\"num\":0}]", "binary 3");
    }

    @Test
    void theClientsIdStandsInTheAnswerWhateverItIs() {
        Connected client = clients.connect();
        client.socket().on("ask", (arguments, ack) -> ack.send());

        client.peer().send("20[\"ask\"]").send("2999999999999999[\"ask\"]").send("27[\"ask\"]");

        assertThat(client.received()).containsExactly("30[]", "3999999999999999[]", "37[]");
    }

    @Test
    void ofSeveralListenersTheFirstAnswerIsSent() {
        Connected client = clients.connect();
        client.socket().on("ask", (arguments, ack) -> ack.send("first"));
        client.socket().on("ask", (arguments, ack) -> ack.send("second"));

        client.peer().send("21[\"ask\"]");

        assertThat(client.received()).containsExactly("31[\"first\"]");
    }

    @Test
    void anArgumentThatDoesNotFitIsAnsweredAsSuchAndTheSocketGoesOn() {
        Connected client = clients.connect();
        client.socket().on("number", Integer.class, (number, ack) -> ack.send(number + 1));

        client.peer().send("21[\"number\",\"x\"]").send("22[\"number\"]").send("23[\"number\",4]");

        List<String> answers = client.received();
        assertThat(answers).hasSize(3);
        assertThat(answers.get(0)).startsWith("31[{\"error\":{").contains("\"code\":\"invalid_payload\"");
        assertThat(answers.get(1)).startsWith("32[{\"error\":{").contains("argument 0 is missing, there are 0");
        assertThat(answers.get(2)).isEqualTo("33[5]");
    }

    /** A volatile question that was dropped is not answered either; the timeout says so. */
    @Test
    void aVolatileQuestionThatWasDroppedTimesOut() {
        Connected client = clients.connect();
        client.peer().writable(false);

        CompletableFuture<Arguments> answer = client.socket()
                .asVolatile()
                .timeout(SECOND)
                .emitWithAck("question")
                .toCompletableFuture();
        client.peer().runTasks();
        client.peer().writable(true);
        assertThat(client.received()).isEmpty();
        client.peer().live(Duration.ofMillis(1_200), false);

        assertFailed(answer, "operation has timed out");
    }

    @Test
    void theTimeoutIsOfOneQuestion() {
        Connected client = clients.connect();
        CompletableFuture<Arguments> quick =
                client.socket().timeout(SECOND).emitWithAck("quick").toCompletableFuture();
        CompletableFuture<Arguments> patient = client.socket()
                .timeout(SECOND.multipliedBy(3))
                .emitWithAck("patient")
                .toCompletableFuture();
        CompletableFuture<Arguments> endless = ask(client, "endless");
        clients.run();

        client.peer().live(Duration.ofMillis(1_200), false);
        assertFailed(quick, "operation has timed out");
        assertThat(patient).isNotDone();
        client.peer().live(Duration.ofSeconds(2), false);
        assertFailed(patient, "operation has timed out");
        client.peer().live(Duration.ofSeconds(20), false);

        assertThat(endless).isNotDone();
    }

    @Test
    void whatIsAskedInOneNamespaceIsNotAnsweredInAnother() {
        List<Socket> chatting = new ArrayList<>();
        clients.io().of("/chat").onConnection(chatting::add);
        Connected client = clients.connect();
        client.peer().send("0/chat,").received();
        CompletableFuture<Arguments> main = ask(client, "question");
        CompletableFuture<Arguments> chat =
                chatting.getFirst().emitWithAck("question").toCompletableFuture();

        assertThat(client.received()).containsExactly("20[\"question\"]", "2/chat,0[\"question\"]");
        client.peer().send("3/chat,0[\"chat\"]");
        assertThat(main).isNotDone();
        assertThat(chat.join().get(0, String.class)).isEqualTo("chat");
    }

    @Test
    void leavingOneNamespaceFailsItsQuestionsOnly() {
        List<Socket> chatting = new ArrayList<>();
        clients.io().of("/chat").onConnection(chatting::add);
        Connected client = clients.connect();
        client.peer().send("0/chat,").received();
        CompletableFuture<Arguments> main = ask(client, "question");
        CompletableFuture<Arguments> chat =
                chatting.getFirst().emitWithAck("question").toCompletableFuture();
        clients.run();

        client.peer().send("1/chat,");

        assertFailed(chat, "socket has been disconnected");
        assertThat(main).isNotDone();
    }

    private static CompletableFuture<Arguments> ask(Connected client, String question) {
        return client.socket().emitWithAck(question).toCompletableFuture();
    }

    private static void assertFailed(CompletableFuture<?> answer, String message) {
        assertThat(answer).isDone();
        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(AckException.class)
                .hasMessage(message);
    }
}
