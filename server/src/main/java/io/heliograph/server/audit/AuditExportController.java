package io.heliograph.server.audit;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.Subject;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.heliograph.server.identity.OpenRequests;
import io.heliograph.server.identity.Verification.Verified;
import io.heliograph.server.storage.Blocking;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.IdempotentRequest;
import io.heliograph.server.web.QueryValues;
import io.heliograph.server.web.ResponseConnection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The trail as a file, for owners and administrators. The export is an entry of the trail. A response that cannot be
 * completed ends with a closed connection, so that the client notices.
 */
@RestController
final class AuditExportController {
    private static final Logger LOG = LoggerFactory.getLogger(AuditExportController.class);
    private static final DateTimeFormatter FILE_TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final EventLog log;
    private final AuditTrail trail;
    private final Commands commands;
    private final JsonMapper json;
    private final ConcurrencyLimiter exports;
    private final OpenRequests openRequests;

    AuditExportController(
            EventLog log,
            AuditTrail trail,
            Commands commands,
            JsonMapper json,
            @Qualifier("auditExports") ConcurrencyLimiter exports,
            OpenRequests openRequests) {
        this.log = log;
        this.trail = trail;
        this.commands = commands;
        this.json = json;
        this.exports = exports;
        this.openRequests = openRequests;
    }

    @GetMapping("/v1/audit/export")
    Mono<Void> export(
            Verified verified,
            @RequestParam(required = false) @Nullable String format,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String subject,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            HttpMethod method,
            ServerHttpResponse response) {
        Caller.Member caller = verified.caller().requireAdministrator();
        AuditFormat form = QueryValues.choice("format", format, AuditFormat.CSV);
        AuditFilter filter = AuditController.filter(actor, action, subject, from, to);
        if (method.equals(HttpMethod.HEAD)) {
            response.getHeaders().setContentType(form.mediaType());
            return response.setComplete();
        }
        AuditExport export = new AuditExport(log, trail, json, caller.workspace(), filter, form);
        return Mono.using(
                () -> take(caller),
                _ -> openRequests
                        .whileHeld(
                                verified,
                                Blocking.call(() -> record(caller, filter, form))
                                        .flatMap(at -> write(response, export, form, at)))
                        .onErrorResume(failure -> cut(response, failure)),
                ConcurrencyLimiter.Permit::close);
    }

    private ConcurrencyLimiter.Permit take(Caller caller) {
        return switch (exports.take(caller)) {
            case ConcurrencyLimiter.Result.Taken(ConcurrencyLimiter.Permit permit) -> permit;
            case ConcurrencyLimiter.Result.Full(ConcurrencyLimiter.Limit limit) ->
                throw new ProblemException(
                        ErrorCode.TOO_MANY_CONNECTIONS,
                        limit + " exports of the audit trail at the same time; wait for one to end, or raise the limit",
                        Map.of(ProblemException.RETRY_AFTER_SECONDS, 5));
        };
    }

    /** Adds the entry about the export; returns its time. Committed before the first byte is sent. */
    private Instant record(Caller.Member caller, AuditFilter filter, AuditFormat format) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("format", format.extension());
        detail.putAll(filter.detail());
        Instant[] at = new Instant[1];
        commands.run(new IdempotentRequest(caller.workspace(), caller.id(), Optional.empty(), ""), transaction -> {
            at[0] = transaction.now();
            trail.record(
                    transaction,
                    caller.workspace(),
                    caller.actor(),
                    "audit.exported",
                    Subject.of("workspace", caller.workspace().value()),
                    detail);
            return ResponseEntity.noContent().build();
        });
        return at[0];
    }

    private static Mono<Void> write(ServerHttpResponse response, AuditExport export, AuditFormat format, Instant at) {
        response.getHeaders().setContentType(format.mediaType());
        response.getHeaders().setCacheControl("no-store");
        response.getHeaders()
                .setContentDisposition(ContentDisposition.attachment()
                        .filename("heliograph-audit-" + FILE_TIME.format(at) + "." + format.extension())
                        .build());
        return response.writeAndFlushWith(export.parts()
                .map(part -> part.filter(bytes -> bytes.length > 0)
                        .map(bytes -> response.bufferFactory().wrap(bytes))
                        .flux()));
    }

    /** A problem can be answered only while nothing was sent. */
    private static Mono<Void> cut(ServerHttpResponse response, Throwable failure) {
        if (!response.isCommitted()) {
            return Mono.error(failure);
        }
        if (!(failure instanceof ProblemException)) {
            LOG.warn("an export of an audit trail was cut off: {}", failure.toString());
        }
        ResponseConnection.of(response).close();
        return Mono.never(); // the end of the connection ends the request
    }
}
