package io.heliograph.server.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Draft;
import io.heliograph.eventlog.Position;
import io.heliograph.server.events.MemberDrafts.Place;
import io.heliograph.server.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The envelopes of a template are those that the mapper writes. */
class MemberDraftsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.120Z");
    private static final Subject NOBODY = Subject.of("notification", "");
    private static final Actor ACTOR = Actor.of("agent", "agt_1", "Robot \"R2\" ü");
    private static final List<Place> PLACES =
            List.of(Place.at("/subject/id", "/data/thing/id"), Place.at("/data/ids"), Place.at("/data/unread"));

    private final JsonMapper json = Json.mapper();

    private enum Kind {
        NEARLY_DONE
    }

    private record Thing(String id, String title, Optional<String> body, Subject about, Instant createdAt, Kind kind) {}

    private record Data(Thing thing, Optional<List<String>> ids, int unread, double rate, Optional<Boolean> all) {
        static Data of(String id, List<String> ids, int unread, String title, Optional<String> body) {
            Subject about = Subject.of("approval", "apr_1", 7);
            return new Data(
                    new Thing(id, title, body, about, NOW, Kind.NEARLY_DONE),
                    Optional.of(ids),
                    unread,
                    0.1,
                    Optional.empty());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Refund?",
                "",
                "\"quoted\" \\ back/slash",
                "ü ✓ 😀 \u2028\u2029",
                "\u0001\u0002\u0003\u0008\t\r\n\u001f\u007f",
                "\\u0001",
                "{\"id\":\"\"}"
            })
    void envelopesHaveTheBytesThatTheMapperWrites(String title) {
        EventDrafts drafts = new EventDrafts(json);
        for (Optional<String> body : List.of(Optional.<String>empty(), Optional.of(title))) {
            MemberDrafts alike = drafts.forMembers(
                    "notification:new", NOW, ACTOR, NOBODY, Data.of("", List.of(), 0, title, body), PLACES);
            for (int member = 1; member <= 3; member++) {
                String own = "ntf_" + member + title;
                List<String> ids = List.of(own, "ntf_0");
                Draft draft = alike.draft(new MemberId("mem_" + member), List.of(own, ids, member * 100));
                Position position = new Position("e1", member * 1_000_000_000_000L, NOW.plusMillis(5));

                assertThat(text(draft, position))
                        .isEqualTo(json.writeValueAsString(new EventDrafts.Envelope(
                                draft.id(),
                                "notification:new",
                                position.offset(),
                                position.at(),
                                ACTOR,
                                Optional.of(Subject.of("notification", own)),
                                Optional.empty(),
                                Optional.empty(),
                                Data.of(own, ids, member * 100, title, body),
                                Optional.empty())));
            }
        }
    }

    @Test
    void aTraceIdIsLast() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        EventDrafts traced = new EventDrafts(json, new Traces() {
            @Override
            public boolean on() {
                return true;
            }

            @Override
            public Optional<String> current() {
                return Optional.of(trace);
            }

            @Override
            public void delivered(String traceId, String type, Instant committed) {}
        });
        Draft draft = draft(traced);

        String envelope = text(draft, new Position("e1", 9, NOW));

        assertThat(envelope).endsWith("},\"traceId\":\"" + trace + "\"}");
        assertThat(TraceId.of(envelope.getBytes(UTF_8))).contains(trace);
    }

    @Test
    void eachEventIsItsMembersAndHasAnIdAndTheTimeOfItsPosition() {
        MemberDrafts alike = alike(new EventDrafts(json));
        Draft one = alike.draft(new MemberId("mem_1"), List.of("ntf_1", List.of(), 1));
        Draft two = alike.draft(new MemberId("mem_2"), List.of("ntf_2", List.of(), 1));

        assertThat(one.audience()).isEqualTo(Audience.member("mem_1"));
        assertThat(two.audience()).isEqualTo(Audience.member("mem_2"));
        assertThat(one.id()).startsWith("evt_").isNotEqualTo(two.id());
        assertThat(text(one, new Position("e1", 9, NOW))).contains("\"at\":\"2026-03-01T12:00:00.120Z\",\"actor\"");
        assertThat(text(two, new Position("e1", 9, NOW.plusMillis(1))))
                .contains("\"at\":\"2026-03-01T12:00:00.121Z\",\"actor\"");
    }

    @Test
    void aPlaceThatTheEnvelopeDoesNotHaveIsRefused() {
        for (String nowhere : List.of("/data/thing/body", "/data/other", "/nothing/id", "/type/x")) {
            Draft draft = new EventDrafts(json)
                    .forMembers(
                            "notification:new",
                            NOW,
                            ACTOR,
                            NOBODY,
                            Data.of("", List.of(), 0, "Refund?", Optional.empty()),
                            List.of(Place.at(nowhere)))
                    .draft(new MemberId("mem_1"), List.of(1));

            assertThatThrownBy(() -> text(draft, new Position("e1", 9, NOW)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the envelope has no field " + nowhere);
        }
    }

    @Test
    void aMemberHasOneValueForEachPlace() {
        MemberDrafts alike = alike(new EventDrafts(json));

        for (List<Object> values : List.of(List.<Object>of("ntf_1", List.of()), List.<Object>of("a", "b", 1, 2))) {
            assertThatThrownBy(() -> alike.draft(new MemberId("mem_1"), values))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static MemberDrafts alike(EventDrafts drafts) {
        Data shared = Data.of("", List.of(), 0, "Refund?", Optional.empty());
        return drafts.forMembers("notification:new", NOW, ACTOR, NOBODY, shared, PLACES);
    }

    private static Draft draft(EventDrafts drafts) {
        return alike(drafts).draft(new MemberId("mem_1"), List.of("ntf_1", List.of("ntf_1"), 4));
    }

    private static String text(Draft draft, Position position) {
        return new String(draft.envelope().encode(position).bytes(), UTF_8);
    }
}
