package io.heliograph.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.Payload;
import io.heliograph.eventlog.Position;
import io.heliograph.eventlog.WorkspaceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SseEncoderTest {
    private static final Event ONE = event(1, "evt_1aaaaaa", "{\"text\":\"grüße\"}");
    private static final Event TWO = event(2, "evt_2bbbbbb", "{\"n\":9007199254740993}");
    private static final Cursor LATER = new Cursor("k3", 7, "cccccc");

    @Test
    void aPageHoldsTheEnvelopesAsTheyAreStored() {
        assertThat(text(SseEncoder.page(List.of(ONE, TWO), LATER)))
                .isEqualTo("{\"data\":[{\"text\":\"grüße\"},{\"n\":9007199254740993}],"
                        + "\"nextCursor\":\"k3:7:cccccc\",\"asOf\":\"k3:7:cccccc\"}");
    }

    @Test
    void anEmptyPageIsAnObjectToo() {
        assertThat(text(SseEncoder.page(List.of(), LATER)))
                .isEqualTo("{\"data\":[],\"nextCursor\":\"k3:7:cccccc\",\"asOf\":\"k3:7:cccccc\"}");
    }

    @Test
    void theLastIdOfAChunkIsItsPosition() {
        assertThat(text(SseEncoder.messages(List.of(ONE, TWO), TWO.cursor()))).isEqualTo("""
                        id: k3:1:aaaaaa
                        event: test:1
                        data: {"text":"grüße"}

                        id: k3:2:bbbbbb
                        event: test:2
                        data: {"n":9007199254740993}

                        """);
        assertThat(text(SseEncoder.messages(List.of(ONE), LATER))).isEqualTo("""
                        id: k3:1:aaaaaa
                        event: test:1
                        data: {"text":"grüße"}

                        id: k3:7:cccccc

                        """);
        assertThat(text(SseEncoder.messages(List.of(), LATER))).isEqualTo("id: k3:7:cccccc\n\n");
    }

    @Test
    void whatIsNoEventHasItsForm() {
        assertThat(text(SseEncoder.retry(1_500))).isEqualTo("retry: 1500\n\n");
        assertThat(text(SseEncoder.keepAlive())).isEqualTo(":\n\n");
        assertThat(text(SseEncoder.end("token_expired")))
                .isEqualTo("event: end\ndata: {\"code\":\"token_expired\"}\n\n");
        assertThat(text(SseEncoder.reset("too-old", LATER))).isEqualTo("""
                        id: k3:7:cccccc
                        event: reset
                        data: {"reason":"too-old","cursor":"k3:7:cccccc"}

                        """);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private static Event event(int offset, String id, String payload) {
        return new Event(
                new WorkspaceId("acme"),
                new Position("k3", offset, Instant.EPOCH),
                id,
                "test:" + offset,
                new Audience.Everyone(),
                Optional.empty(),
                Payload.of(payload.getBytes(UTF_8)));
    }
}
