package io.heliograph.server.events;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Draft;
import io.heliograph.eventlog.EnvelopeTemplate;
import io.heliograph.eventlog.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * Makes the drafts of one event for many members. Their envelopes differ in few values: the envelope is serialised once,
 * as a template, and each draft has its member's values.
 *
 * <p>Owned by one transaction.
 */
public final class MemberDrafts {
    private final JsonMapper json;
    private final String type;
    private final Instant now;
    private final EventDrafts.Envelope common;
    private final List<Place> places;

    /** Made for the time that the first event gets: all events of one transaction get the same. */
    private @Nullable Templated templated;

    private record Templated(Instant at, EnvelopeTemplate template) {}

    /** Where one value of each member goes: JSON pointers to fields that the common envelope has. */
    public record Place(List<String> pointers) {
        public static Place at(String... pointers) {
            return new Place(List.of(pointers));
        }
    }

    MemberDrafts(JsonMapper json, String type, Instant now, EventDrafts.Envelope common, List<Place> places) {
        this.json = json;
        this.type = type;
        this.now = now;
        this.common = common;
        this.places = List.copyOf(places);
    }

    /** The member's event, with one value for each place. */
    public Draft draft(MemberId memberId, List<?> values) {
        if (values.size() != places.size()) {
            throw new IllegalArgumentException(values.size() + " values for " + places.size() + " places");
        }
        String id = Ids.next("evt", now.toEpochMilli());
        List<String> own = values.stream().map(json::writeValueAsString).toList();
        return new Draft(
                id,
                type,
                Audience.member(memberId.value()),
                Optional.empty(),
                position -> Payload.of(template(position.at()), id, position.offset(), own));
    }

    private EnvelopeTemplate template(Instant at) {
        Templated known = templated;
        if (known == null || !known.at.equals(at)) {
            known = new Templated(at, newTemplate(at));
            templated = known;
        }
        return known.template;
    }

    private EnvelopeTemplate newTemplate(Instant at) {
        JsonNode envelope = json.valueToTree(common.at(at));
        mark(envelope, "/id", '"' + EnvelopeTemplate.ID + '"');
        mark(envelope, "/offset", EnvelopeTemplate.OFFSET);
        for (int i = 0; i < places.size(); i++) {
            for (String pointer : places.get(i).pointers()) {
                mark(envelope, pointer, EnvelopeTemplate.value(i));
            }
        }
        return new EnvelopeTemplate(json.writeValueAsBytes(envelope));
    }

    private static void mark(JsonNode envelope, String at, String mark) {
        JsonPointer pointer = JsonPointer.compile(at);
        if (envelope.at(pointer).isMissingNode() || !(envelope.at(pointer.head()) instanceof ObjectNode parent)) {
            throw new IllegalArgumentException("the envelope has no field " + at);
        }
        parent.putRawValue(pointer.last().getMatchingProperty(), new RawValue(mark));
    }
}
