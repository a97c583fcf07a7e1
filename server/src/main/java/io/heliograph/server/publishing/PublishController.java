package io.heliograph.server.publishing;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.publishing.NewEvent.EventAudience;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.IdempotentRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Events of other services over HTTP. */
@RestController
final class PublishController {
    private final Commands commands;
    private final EventPublisher publisher;

    PublishController(Commands commands, EventPublisher publisher) {
        this.commands = commands;
        this.publisher = publisher;
    }

    record NewEvents(List<NewEvent> events) {
        NewEvents(@Nullable List<NewEvent> events) {
            this.events = List.copyOf(Fields.required("events", events));
        }
    }

    record PublishedEvents(List<PublishedEvent> events) {}

    /** 201 when an event was added; 200 when all were published before. */
    @PostMapping("/v1/events")
    ResponseEntity<byte[]> publish(Caller caller, IdempotentRequest request, @RequestBody NewEvents body) {
        requirePublisher(caller);
        publisher.check(caller, body.events);
        return commands.run(
                request,
                publisher.publish(caller, body.events),
                result -> ResponseEntity.status(result.added() ? HttpStatus.CREATED : HttpStatus.OK)
                        .body(new PublishedEvents(result.events())));
    }

    /** An event that nobody can ask for again. */
    record NewVolatileEvent(String type, Optional<String> topic, Optional<EventAudience> audience, JsonNode data) {
        NewVolatileEvent(
                @Nullable String type,
                Optional<String> topic,
                Optional<EventAudience> audience,
                @Nullable JsonNode data) {
            NewEvent checked = new NewEvent(Optional.empty(), type, topic, audience, data, Optional.empty());
            this.type = checked.type();
            this.topic = topic;
            this.audience = audience;
            this.data = checked.data();
        }

        NewEvent toEvent() {
            return new NewEvent(Optional.empty(), type, topic, audience, data, Optional.empty());
        }
    }

    record NewVolatileEvents(List<NewVolatileEvent> events) {
        NewVolatileEvents(@Nullable List<NewVolatileEvent> events) {
            this.events = List.copyOf(Fields.required("events", events));
        }
    }

    /** Changes nothing that is stored: a repetition sends the events again. */
    @PostMapping("/v1/events/volatile")
    ResponseEntity<Void> publishVolatile(Caller caller, @RequestBody NewVolatileEvents body) {
        requirePublisher(caller);
        List<NewEvent> events =
                body.events.stream().map(NewVolatileEvent::toEvent).toList();
        publisher.check(caller, events);
        publisher.sendVolatile(caller, events);
        return ResponseEntity.accepted().build();
    }

    /** Nobody publishes without having been given that by name. */
    private static void requirePublisher(Caller caller) {
        if (!(caller instanceof Caller.Key)) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN, "Members publish no events; use an API key with the scope events:publish");
        }
        caller.require(Scope.EVENTS_PUBLISH);
    }
}
