package io.heliograph.server.audit;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.web.Listing;
import io.heliograph.server.web.Paging;
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
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        caller.requireAdministrator();
        Paging paging = Paging.of(limit, cursor, "audit", caller.workspace().value());
        return log.read(
                caller.workspace(),
                snapshot -> paging.respond(
                        trail.page(snapshot, caller.workspace(), paging.after(), paging.limit()),
                        AuditEntry::id,
                        snapshot.asOf()));
    }
}
