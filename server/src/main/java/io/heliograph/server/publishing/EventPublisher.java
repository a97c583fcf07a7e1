package io.heliograph.server.publishing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Draft;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.approvals.SchemaChecks;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.events.EventDrafts.Header;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.events.VolatileEvent;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.publishing.NewEvent.EventAudience;
import io.heliograph.server.publishing.PublishedEventStore.Known;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Member;
import io.heliograph.server.workspaces.Members;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Publishes events of other services: all of a request in one transaction, or none of them.
 *
 * <p>Safe from any thread; blocks on the database.
 */
final class EventPublisher {
    /** How long an event id is known. */
    static final Duration KNOWN_FOR = Duration.ofHours(24);

    private final EventLog log;
    private final Bus bus;
    private final EventDrafts drafts;
    private final SchemaChecks schemas;
    private final PublishingSettings settings;
    private final Clock clock;
    private final Counter published;
    private final Counter repeated;
    private final Counter unlogged;
    private final Counter tooMany;
    private final Counter tooLarge;
    private final Counter tooLargeTogether;

    EventPublisher(
            EventLog log,
            Bus bus,
            EventDrafts drafts,
            SchemaChecks schemas,
            PublishingSettings settings,
            Clock clock,
            MeterRegistry registry) {
        this.log = log;
        this.bus = bus;
        this.drafts = drafts;
        this.schemas = schemas;
        this.settings = settings;
        this.clock = clock;
        published = registry.counter("heliograph.events.published", "kind", "logged");
        unlogged = registry.counter("heliograph.events.published", "kind", "volatile");
        repeated = registry.counter("heliograph.events.repeated");
        tooMany = registry.counter("heliograph.events.refused", "limit", "max-per-request");
        tooLarge = registry.counter("heliograph.events.refused", "limit", "max-data");
        tooLargeTogether = registry.counter("heliograph.events.refused", "limit", "max-data-per-request");
    }

    /**
     * The events of a request, in its order.
     *
     * @param added whether any of them is new
     */
    record Result(List<PublishedEvent> events, boolean added) {}

    /**
     * Checks what can be checked before the transaction.
     *
     * @throws InvalidFieldException for the first event that is at fault
     * @throws ProblemException {@code payload_too_large}
     */
    void check(Caller caller, List<NewEvent> events) {
        if (events.isEmpty() || events.size() > settings.maxPerRequest()) {
            tooMany.increment();
            throw new InvalidFieldException(
                    "events",
                    "must have 1 to " + settings.maxPerRequest() + " items (heliograph.events.max-per-request)");
        }
        checkSizes(events);
        checkSchemas(caller, events);
    }

    private void checkSizes(List<NewEvent> events) {
        long together = 0;
        for (int index = 0; index < events.size(); index++) {
            long bytes = events.get(index).data().toString().getBytes(UTF_8).length;
            if (bytes > settings.maxData().toBytes()) {
                tooLarge.increment();
                throw fault(
                        index,
                        "data",
                        "must be at most " + settings.maxData().toBytes()
                                + " bytes of JSON (heliograph.events.max-data), and has " + bytes);
            }
            together += bytes;
        }
        if (together > settings.maxDataPerRequest().toBytes()) {
            tooLargeTogether.increment();
            throw new ProblemException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The data of the events has " + together + " bytes together, and a request may have "
                            + settings.maxDataPerRequest().toBytes()
                            + " (heliograph.events.max-data-per-request); send them in several requests");
        }
    }

    private void checkSchemas(Caller caller, List<NewEvent> events) {
        List<String> types = events.stream().map(NewEvent::type).distinct().toList();
        Map<String, JsonNode> known = log.read(
                caller.workspace(), snapshot -> EventTypeStore.schemas(Sql.in(snapshot), caller.workspace(), types));
        List<SchemaChecks.Check> checks = new ArrayList<>();
        List<Integer> indexes = new ArrayList<>();
        for (int index = 0; index < events.size(); index++) {
            JsonNode schema = known.get(events.get(index).type());
            if (schema != null) {
                checks.add(new SchemaChecks.Check(schema, events.get(index).data()));
                indexes.add(index);
            }
        }
        if (!checks.isEmpty()) {
            schemas.firstFault(caller, checks).ifPresent(fault -> {
                int index = indexes.get(fault.index());
                throw fault(
                        index,
                        "data",
                        "does not fit the schema of " + events.get(index).type() + ": " + fault.text());
            });
        }
    }

    /** Appends those that are new. They must be checked. */
    Command<Result> publish(Caller caller, List<NewEvent> events) {
        return transaction -> {
            List<PublishedEvent> all = new ArrayList<>(events.size());
            int added = 0;
            for (int index = 0; index < events.size(); index++) {
                Optional<PublishedEvent> before = known(transaction, caller, events.get(index), index);
                all.add(before.isPresent() ? before.get() : append(transaction, caller, events.get(index), index));
                added += before.isPresent() ? 0 : 1;
            }
            int newEvents = added;
            transaction.afterCommit(() -> {
                published.increment(newEvents);
                repeated.increment(all.size() - newEvents);
            });
            return new Result(all, added > 0);
        };
    }

    private static Optional<PublishedEvent> known(Transaction transaction, Caller caller, NewEvent event, int index) {
        if (event.eventId().isEmpty()) {
            return Optional.empty();
        }
        Optional<Known> known = PublishedEventStore.find(
                Sql.in(transaction), id(caller, event), transaction.now().minus(KNOWN_FOR));
        if (known.isPresent() && !known.get().digest().equals(digest(event))) {
            String field = "events[" + index + "].eventId";
            String detail = "was used in the last 24 hours for another event, at offset "
                    + known.get().event().offset() + "; use a new id for a new event";
            throw new ProblemException(
                    ErrorCode.CONFLICT,
                    field + " " + detail,
                    Map.of("errors", List.of(Map.of("field", field, "detail", detail))));
        }
        return known.map(Known::event);
    }

    private PublishedEvent append(Transaction transaction, Caller caller, NewEvent event, int index) {
        Draft draft = drafts.published(
                new Header(
                        event.type(),
                        audience(Sql.in(transaction), caller.workspace(), event.audience(), index),
                        event.topic(),
                        event.key()),
                transaction.now(),
                caller.actor(),
                event.data());
        Cursor cursor = transaction.append(draft);
        PublishedEvent appended = new PublishedEvent(draft.id(), event.eventId(), cursor.offset(), cursor.toString());
        if (event.eventId().isPresent()) {
            PublishedEventStore.put(
                    Sql.in(transaction), id(caller, event), new Known(appended, digest(event)), transaction.now());
        }
        return appended;
    }

    /** Sends events to those who are connected now, on every node; nothing is stored. They must be checked. */
    void sendVolatile(Caller caller, List<NewEvent> events) {
        List<VolatileEvent> all = log.read(caller.workspace(), snapshot -> {
            List<VolatileEvent> made = new ArrayList<>(events.size());
            for (int index = 0; index < events.size(); index++) {
                NewEvent event = events.get(index);
                Header header = new Header(
                        event.type(),
                        audience(Sql.in(snapshot), caller.workspace(), event.audience(), index),
                        event.topic(),
                        Optional.empty());
                made.add(new VolatileEvent(
                        caller.workspace(),
                        event.type(),
                        event.topic(),
                        header.audience(),
                        drafts.unlogged(header, clock.instant(), caller.actor(), event.data())));
            }
            return made;
        });
        all.forEach(event -> bus.signal(event.toSignal()));
        unlogged.increment(all.size());
    }

    private static Audience audience(
            JdbcClient jdbc, WorkspaceId workspace, Optional<EventAudience> audience, int index) {
        if (audience.isEmpty()) {
            return Audience.EVERYONE;
        }
        String named = audience.get().member();
        Member member = Members.find(jdbc, workspace, new MemberId(named))
                .or(() -> Members.findByHandle(jdbc, workspace, named))
                .orElseThrow(() ->
                        fault(index, "audience.member", "must be the id or the handle of a member of this workspace"));
        return Audience.member(member.id().value());
    }

    private static PublishedEventStore.Id id(Caller caller, NewEvent event) {
        return new PublishedEventStore.Id(
                caller.workspace(), caller.idempotencyOwner(), event.eventId().orElseThrow());
    }

    private static InvalidFieldException fault(int index, String field, String expected) {
        return new InvalidFieldException("events[" + index + "]." + field, expected);
    }

    /** Of all that readers see of the event. */
    private static String digest(NewEvent event) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
        List<String> parts = List.of(
                event.type(),
                event.topic().orElse(""),
                event.audience().map(EventAudience::member).orElse(""),
                event.key().orElse(""),
                event.data().toString());
        for (String part : parts) {
            byte[] bytes = part.getBytes(UTF_8);
            digest.update((bytes.length + ":").getBytes(UTF_8));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
