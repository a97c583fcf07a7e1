package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.SessionLoop;
import io.heliograph.socketio.Clients.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever awaits an acknowledgement is told exactly once, by the answer or by the reason that there is none. */
class PendingAcksTest {

    private static final Arguments ANSWER = Arguments.ofNodes(new JsonBinding(JacksonCodec.DEFAULT), List.of());

    private final Clients clients = new Clients(Loops.ONE_FOR_ALL);
    private final Peer peer = clients.peer();
    private final SessionLoop loop = clients.io().engine().loops().getFirst();
    private final PendingAcks acks = new PendingAcks();
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void anAckAnswersOnceOnly() {
        await(1, Flags.NONE);

        acks.complete(1, ANSWER);
        acks.complete(1, ANSWER);
        acks.failAll(AckException.disconnected());

        assertThat(told).containsExactly("1 answered");
    }

    @Test
    void anAnswerThatNobodyAwaitsIsIgnored() {
        await(1, Flags.NONE);

        acks.complete(2, ANSWER);

        assertThat(told).isEmpty();
    }

    @Test
    void afterTheTimeoutAnAnswerIsIgnored() {
        await(1, Flags.NONE.withTimeout(Duration.ofSeconds(1)));

        peer.live(Duration.ofSeconds(2), false);
        acks.complete(1, ANSWER);
        acks.failAll(AckException.disconnected());

        assertThat(told).containsExactly("1 operation has timed out");
    }

    @Test
    void anAnswerCancelsTheTimeout() {
        await(1, Flags.NONE.withTimeout(Duration.ofSeconds(1)));
        acks.complete(1, ANSWER);
        // The client chooses what it answers, the server chooses ids: one that comes again is another question.
        await(1, Flags.NONE);

        peer.live(Duration.ofSeconds(2), false);

        assertThat(told).containsExactly("1 answered");
    }

    @Test
    void allFailTogetherOnceEach() {
        await(1, Flags.NONE.withTimeout(Duration.ofSeconds(1)));
        await(2, Flags.NONE);

        acks.failAll(AckException.disconnected());
        acks.failAll(AckException.disconnected());
        peer.live(Duration.ofSeconds(2), false);

        assertThat(told).containsExactlyInAnyOrder("1 socket has been disconnected", "2 socket has been disconnected");
    }

    private void await(long ackId, Flags flags) {
        acks.add(
                ackId,
                (arguments, failure) -> told.add(ackId + " " + (failure == null ? "answered" : failure.getMessage())),
                loop,
                flags);
    }
}
