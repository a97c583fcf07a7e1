package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InstancioExtension.class)
final class SharedPayloadTest {

    @Test
    void anyPayloadComesBackWithAnySharedOne() {
        Randoms.samples(300).forEach(random -> {
            byte[] shared = bytes(random, 1 + random.nextInt(70_000));
            byte[] payload = random.nextBoolean() ? edited(random, shared) : bytes(random, random.nextInt(70_000));

            assertThat(SharedPayload.inflate(SharedPayload.deflate(payload, shared), shared))
                    .isEqualTo(payload);
        });
    }

    @Test
    void onlyWhatDiffersTakesRoom() {
        byte[] shared = text("{\"id\":\"evt_1\",\"title\":\"" + "Refund order 9? ".repeat(100) + "\"}");
        byte[] payload = text("{\"id\":\"evt_2\",\"title\":\"" + "Refund order 9? ".repeat(100) + "\"}");

        assertThat(SharedPayload.deflate(payload, shared)).hasSizeLessThan(40);
    }

    @Test
    void aPayloadThatIsCutOffIsAnError() {
        byte[] shared = text("Refund order 9?");
        byte[] deflated = SharedPayload.deflate(text("Refund order 10?"), shared);

        assertThatThrownBy(() -> SharedPayload.inflate(Arrays.copyOf(deflated, deflated.length - 3), shared))
                .isInstanceOf(EventLogException.class);
    }

    @Test
    void eventsOfOneTypeForOneMemberEachShareWhenTheyAreThree() {
        List<Event> events = List.of(
                event(1, "approval:created", Audience.EVERYONE),
                event(2, "notification:new", Audience.member("mem_1")),
                event(3, "notification:new", Audience.member("mem_2")),
                event(4, "notification:new", Audience.member("mem_3")),
                event(5, "notification:read", Audience.member("mem_1")),
                event(6, "notification:read", Audience.member("mem_2")),
                event(7, "agent:status", Audience.EVERYONE),
                event(8, "agent:status", Audience.EVERYONE),
                event(9, "agent:status", Audience.EVERYONE));

        List<SharedPayload.Run> runs = SharedPayload.runs(events);

        assertThat(runs.stream().flatMap(run -> run.events().stream())).containsExactlyElementsOf(events);
        assertThat(runs.stream().filter(SharedPayload.Run::shares))
                .singleElement()
                .satisfies(run -> {
                    assertThat(run.events()).hasSize(3);
                    assertThat(run.lastOffset()).isEqualTo(4);
                });
    }

    @Test
    void eventsForEveryoneDoNotShare() {
        List<Event> events = List.of(
                event(1, "agent:status", Audience.member("mem_1")),
                event(2, "agent:status", Audience.EVERYONE),
                event(3, "agent:status", Audience.member("mem_2")),
                event(4, "agent:status", Audience.member("mem_3")));

        assertThat(SharedPayload.runs(events)).noneMatch(SharedPayload.Run::shares);
    }

    private static Event event(long offset, String type, Audience audience) {
        return new Event(
                Samples.ACME,
                new Position("epoch", offset, Instant.EPOCH),
                "evt_" + offset,
                type,
                audience,
                Optional.empty(),
                text("payload"));
    }

    private static byte[] edited(Random random, byte[] shared) {
        byte[] edited = shared.clone();
        for (int i = 0; i < 5; i++) {
            edited[random.nextInt(edited.length)] = (byte) random.nextInt();
        }
        return edited;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
