package io.heliograph.server.publishing;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Transaction;
import io.heliograph.server.approvals.SchemaChecks;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.errors.TextSize;
import io.heliograph.server.events.Subject;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.IdempotentRequest;
import io.heliograph.server.web.Listing;
import io.heliograph.server.web.Paging;
import io.heliograph.server.web.QueryValues;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** What is in the events of other services: a JSON Schema for each type that has one. */
@RestController
@RequestMapping("/v1/event-types")
final class EventTypesController {
    private static final int MAX_SCHEMA = 64 * 1024;
    private static final int MAX_DESCRIPTION = 2_000;

    private final EventLog log;
    private final Commands commands;
    private final SchemaChecks schemas;
    private final WorkspaceUsage usage;
    private final AuditTrail audit;

    EventTypesController(
            EventLog log, Commands commands, SchemaChecks schemas, WorkspaceUsage usage, AuditTrail audit) {
        this.log = log;
        this.commands = commands;
        this.schemas = schemas;
        this.usage = usage;
        this.audit = audit;
    }

    record Description(JsonNode schema, Optional<String> description) {
        Description(@Nullable JsonNode schema, Optional<String> description) {
            this.schema = Fields.required("schema", schema);
            TextSize.jsonObject("schema", this.schema, MAX_SCHEMA);
            this.description = Fields.optionalText("description", description, MAX_DESCRIPTION);
        }
    }

    /** All types that have a schema, by name; a limit bounds their number. */
    @GetMapping
    ResponseEntity<Listing<DescribedType>> list(Caller caller) {
        requireReader(caller);
        return log.read(caller.workspace(), snapshot -> {
            Listing<DescribedType> all =
                    Listing.whole(EventTypeStore.all(Sql.in(snapshot), caller.workspace()), snapshot.asOf());
            return Paging.answer(all.asOf(), all);
        });
    }

    @GetMapping("/{id}")
    DescribedType get(Caller caller, @PathVariable("id") String type) {
        requireReader(caller);
        return log.read(caller.workspace(), snapshot -> EventTypeStore.find(Sql.in(snapshot), caller.workspace(), type))
                .orElseThrow(() -> noSuchType(type));
    }

    /** 201 when the type had no schema. Events that were published before are not examined. */
    @PutMapping("/{id}")
    ResponseEntity<byte[]> put(
            Caller caller,
            IdempotentRequest request,
            @PathVariable("id") String type,
            @RequestBody Description body,
            @RequestParam(required = false) @Nullable String force) {
        requireEditor(caller);
        EventType.check("type", type);
        boolean forced = QueryValues.flag("force", force);
        schemas.schemaFault(caller, body.schema).ifPresent(fault -> Fields.check(false, "schema", fault));
        return commands.run(
                request,
                transaction -> put(transaction, caller, type, body, forced),
                described -> ResponseEntity.status(described.version() == 1 ? HttpStatus.CREATED : HttpStatus.OK)
                        .body(described));
    }

    private DescribedType put(Transaction transaction, Caller caller, String type, Description body, boolean forced) {
        Optional<DescribedType> before = EventTypeStore.find(Sql.in(transaction), caller.workspace(), type);
        if (before.isEmpty()) {
            usage.checkRoom(
                    Sql.in(transaction),
                    WorkspaceLimit.EVENT_TYPES,
                    EventTypeStore.ROWS,
                    caller.workspace().value());
        } else if (!forced && !SchemaChange.onlyAdds(before.get().schema(), body.schema)) {
            throw new ProblemException(
                    ErrorCode.CONFLICT,
                    "The new schema of " + type
                            + " does more than add optional properties, so readers of the present one"
                            + " may fail; repeat the request with ?force=true if they are ready");
        }
        DescribedType described = new DescribedType(
                type,
                body.schema,
                body.description,
                before.map(DescribedType::version).orElse(0L) + 1,
                transaction.now());
        EventTypeStore.put(Sql.in(transaction), caller.workspace(), described);
        record(
                transaction,
                caller,
                "event_type.described",
                type,
                Map.of("version", described.version(), "forced", forced));
        return described;
    }

    @DeleteMapping("/{id}")
    ResponseEntity<byte[]> delete(Caller caller, IdempotentRequest request, @PathVariable("id") String type) {
        requireEditor(caller);
        return commands.run(request, transaction -> {
            if (!EventTypeStore.remove(Sql.in(transaction), caller.workspace(), type)) {
                throw noSuchType(type);
            }
            record(transaction, caller, "event_type.removed", type, Map.of());
            return ResponseEntity.noContent().build();
        });
    }

    private void record(Transaction transaction, Caller caller, String action, String type, Map<String, ?> detail) {
        audit.record(transaction, caller.workspace(), caller.actor(), action, Subject.of("event_type", type), detail);
    }

    private static void requireReader(Caller caller) {
        if (!(caller instanceof Caller.Key key) || !key.scopes().contains(Scope.EVENTS_PUBLISH)) {
            caller.require(Scope.READ);
        }
    }

    private static void requireEditor(Caller caller) {
        switch (caller) {
            case Caller.Member member -> member.requireAdministrator();
            case Caller.Key key -> key.require(Scope.EVENTS_PUBLISH);
        }
    }

    private static ProblemException noSuchType(String type) {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no schema of the event type " + type + ".");
    }
}
