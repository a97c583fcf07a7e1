package io.heliograph.server.audit;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.storage.Blocking;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The trail in parts of a file, newest entry first. Each part is read in a snapshot when the one before it was taken, so
 * that an export holds one page in memory, and no connection of the database while its reader is slow. Entries that are
 * written after the first page was read are not in it.
 *
 * <p>Belongs to one request, which asks for one part after the other.
 */
final class AuditExport {
    private static final int PAGE = 2_000;

    private final EventLog log;
    private final AuditTrail trail;
    private final JsonMapper json;
    private final WorkspaceId workspace;
    private final AuditFilter filter;
    private final AuditFormat format;
    /** The id before which the next page begins; empty at first. Volatile: parts are read on changing threads. */
    private volatile Optional<String> before = Optional.empty();

    private volatile boolean ended;

    AuditExport(
            EventLog log,
            AuditTrail trail,
            JsonMapper json,
            WorkspaceId workspace,
            AuditFilter filter,
            AuditFormat format) {
        this.log = log;
        this.trail = trail;
        this.json = json;
        this.workspace = workspace;
        this.filter = filter;
        this.format = format;
    }

    /** Each part is read on a virtual thread when it is subscribed to; one may be empty. */
    Flux<Mono<byte[]>> parts() {
        Flux<Mono<byte[]>> pages = Flux.generate(sink -> {
            if (ended) {
                sink.complete();
            } else {
                sink.next(Blocking.call(this::page));
            }
        });
        return Flux.concat(Flux.just(Mono.fromSupplier(format::head)), pages);
    }

    private byte[] page() {
        if (ended) {
            return new byte[0]; // asked for before the last page was read
        }
        AuditPage page = log.read(workspace, snapshot -> trail.page(snapshot, workspace, filter, before, PAGE));
        before = page.next();
        ended = page.next().isEmpty();
        return format.write(page.entries(), json);
    }
}
