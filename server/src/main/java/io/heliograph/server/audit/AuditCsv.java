package io.heliograph.server.audit;

import io.heliograph.server.events.Actor;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.json.Json;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Entries of the trail as lines of comma-separated values. Lines end with CRLF, and a cell with a comma, a quote or a line
 * break stands in quotes. A spreadsheet would run a cell that begins with {@code = + - @}, a tab or a carriage return as a
 * formula, so such a cell gets an apostrophe in front. Pure.
 *
 * <p>Source: RFC 4180; OWASP, "CSV Injection".
 */
final class AuditCsv {
    private static final String END = "\r\n";
    private static final String FORMULA = "=+-@\t\r";

    private AuditCsv() {}

    /** The line with the names of the columns. */
    static String header() {
        return "id,at,action,actorType,actorId,actorName,actorSignedInBy,credentialType,credentialId,credentialName,"
                + "subjectType,subjectId,subjectVersion,detail" + END;
    }

    static String rows(List<AuditEntry> entries) {
        StringBuilder rows = new StringBuilder();
        entries.forEach(entry -> rows.append(row(entry)).append(END));
        return rows.toString();
    }

    private static String row(AuditEntry entry) {
        Actor actor = entry.actor();
        return List.of(
                        entry.id(),
                        Json.format(entry.at()),
                        entry.action(),
                        actor.type(),
                        actor.id().orElse(""),
                        actor.name().orElse(""),
                        makers(actor.signedInBy()),
                        entry.credential().map(Actor.Credential::type).orElse(""),
                        entry.credential().map(Actor.Credential::id).orElse(""),
                        entry.credential().map(Actor.Credential::name).orElse(""),
                        entry.subject().type(),
                        entry.subject().id(),
                        entry.subject().version().isPresent()
                                ? String.valueOf(entry.subject().version().getAsLong())
                                : "",
                        entry.detail().toString())
                .stream()
                .map(AuditCsv::cell)
                .collect(Collectors.joining(","));
    }

    /** The ids of those who made the sign-in links, the first one first. */
    private static String makers(List<LinkMaker> makers) {
        return makers.stream().map(LinkMaker::id).map(MemberId::value).collect(Collectors.joining(" "));
    }

    static String cell(String text) {
        String safe = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean quoted = safe.chars().anyMatch(unit -> unit == ',' || unit == '"' || unit == '\r' || unit == '\n');
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
