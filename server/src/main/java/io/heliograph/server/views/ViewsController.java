package io.heliograph.server.views;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.EntityTags;
import io.heliograph.server.web.IdempotentRequest;
import io.heliograph.server.web.Listing;
import io.heliograph.server.web.Paging;
import java.net.URI;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Saved views over HTTP, for members. Their ETag is their version. */
@RestController
@RequestMapping("/v1/views")
final class ViewsController {
    private final EventLog log;
    private final Commands commands;
    private final Views views;

    ViewsController(EventLog log, Commands commands, Views views) {
        this.log = log;
        this.commands = commands;
        this.views = views;
    }

    /** The caller's own views and the shared ones of the workspace, the oldest first; the limits bound their number. */
    @GetMapping
    ResponseEntity<Listing<SavedView>> list(Caller.Member caller) {
        return log.read(caller.workspace(), snapshot -> {
            Listing<SavedView> all = Listing.whole(
                    ViewStore.visible(Sql.in(snapshot), caller.workspace(), caller.memberId()), snapshot.asOf());
            return Paging.answer(all.asOf(), all);
        });
    }

    @PostMapping
    ResponseEntity<byte[]> create(Caller.Member caller, IdempotentRequest request, @RequestBody NewView body) {
        return commands.run(
                request,
                views.create(caller, body),
                view -> ResponseEntity.created(URI.create("/v1/views/" + view.id()))
                        .eTag(EntityTags.of(view.version()))
                        .body(view));
    }

    @PatchMapping("/{id}")
    ResponseEntity<byte[]> change(
            Caller.Member caller,
            IdempotentRequest request,
            @PathVariable String id,
            @RequestBody ViewChange body,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        return commands.run(
                request,
                views.change(caller, id, body, wantedVersions(ifMatch)),
                view -> ResponseEntity.ok().eTag(EntityTags.of(view.version())).body(view));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<byte[]> remove(
            Caller.Member caller,
            IdempotentRequest request,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        return commands.run(
                request,
                views.remove(caller, id, wantedVersions(ifMatch)),
                _ -> ResponseEntity.noContent().build());
    }

    /** The versions that the header names; all when there is none. */
    private static LongPredicate wantedVersions(@Nullable String ifMatch) {
        return EntityTags.parse("If-Match", ifMatch)
                .<LongPredicate>map(tags -> tags::include)
                .orElse(_ -> true);
    }
}
