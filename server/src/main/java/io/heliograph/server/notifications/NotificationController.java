package io.heliograph.server.notifications;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.storage.PageRows;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.IdempotentRequest;
import io.heliograph.server.web.Listing;
import io.heliograph.server.web.Paging;
import io.heliograph.server.web.QueryValues;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A member's own notifications over HTTP. API keys have none. */
@RestController
@RequestMapping("/v1/notifications")
final class NotificationController {
    private final EventLog log;
    private final Commands commands;
    private final NotificationStore store;
    private final Notifications notifications;

    NotificationController(EventLog log, Commands commands, NotificationStore store, Notifications notifications) {
        this.log = log;
        this.commands = commands;
        this.store = store;
        this.notifications = notifications;
    }

    /** A page of notifications with the member's counts. */
    record NotificationListing(@JsonUnwrapped Listing<Notification> page, int unseen, int unread) {}

    @GetMapping
    ResponseEntity<NotificationListing> list(
            Caller.Member member,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        NotificationStore.State wanted = QueryValues.choice("state", state, NotificationStore.State.INBOX);
        Paging paging = Paging.of(
                limit,
                cursor,
                "notifications",
                member.workspace().value(),
                member.memberId().value(),
                wanted.name());
        return log.read(member.workspace(), snapshot -> {
            PageRows<Notification> rows = store.page(
                    Sql.in(snapshot), member.workspace(), member.memberId(), wanted, paging.after(), paging.limit());
            Listing<Notification> page = paging.page(rows, Notification::id, snapshot.asOf());
            NotificationCounts counts = notifications.counts(snapshot, member);
            return Paging.answer(page.asOf(), new NotificationListing(page, counts.unseen(), counts.unread()));
        });
    }

    @PostMapping("/mark")
    ResponseEntity<byte[]> mark(Caller.Member member, IdempotentRequest attempt, @RequestBody MarkRequest request) {
        return commands.run(attempt, notifications.mark(member, request), ResponseEntity::ok);
    }
}
