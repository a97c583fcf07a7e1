package io.heliograph.server.audit;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.web.Listing;
import io.heliograph.server.web.Paging;
import io.heliograph.server.web.QueryValues;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The trail, newest first, for owners and administrators. */
@RestController
final class AuditController {
    private final EventLog log;
    private final AuditTrail trail;

    AuditController(EventLog log, AuditTrail trail) {
        this.log = log;
        this.trail = trail;
    }

    @GetMapping("/v1/audit")
    ResponseEntity<Listing<AuditEntry>> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String subject,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        caller.requireAdministrator();
        AuditFilter filter = filter(actor, action, subject, from, to);
        Paging paging = Paging.of(limit, cursor, filter.name(caller.workspace().value()));
        return log.read(caller.workspace(), snapshot -> {
            AuditPage page = trail.page(snapshot, caller.workspace(), filter, paging.after(), paging.limit());
            return paging.respond(page.entries(), page.next(), snapshot.asOf());
        });
    }

    /** Reads the parameters that the list and the export have in common. */
    static AuditFilter filter(
            @Nullable String actor,
            @Nullable String action,
            @Nullable String subject,
            @Nullable String from,
            @Nullable String to) {
        return new AuditFilter(
                QueryValues.texts("actor", actor, AuditFilter.MAX_VALUES, AuditFilter.MAX_LENGTH),
                QueryValues.texts("action", action, AuditFilter.MAX_VALUES, AuditFilter.MAX_LENGTH),
                QueryValues.text("subject", subject, AuditFilter.MAX_LENGTH),
                QueryValues.time("from", from),
                QueryValues.time("to", to));
    }
}
