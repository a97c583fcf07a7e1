package io.heliograph.server.notifications;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.IdempotentRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A member's own preferences of notifications over HTTP. API keys have none. */
@RestController
@RequestMapping("/v1/notifications/preferences")
final class PreferenceController {
    private final EventLog log;
    private final Commands commands;
    private final PreferenceChanges changes;

    PreferenceController(EventLog log, Commands commands, PreferenceChanges changes) {
        this.log = log;
        this.commands = commands;
        this.changes = changes;
    }

    @GetMapping
    NotificationPreferences get(Caller.Member member) {
        return log.read(
                member.workspace(),
                snapshot -> PreferenceStore.find(Sql.in(snapshot), member.workspace(), member.memberId()));
    }

    @PutMapping
    ResponseEntity<byte[]> change(
            Caller.Member member, IdempotentRequest attempt, @RequestBody NotificationPreferences wanted) {
        return commands.run(attempt, changes.change(member, wanted), ResponseEntity::ok);
    }
}
