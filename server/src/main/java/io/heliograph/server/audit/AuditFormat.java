package io.heliograph.server.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** The forms of an exported trail. */
enum AuditFormat {
    /** RFC 4180, as {@link AuditCsv} says. */
    CSV("csv", "text/csv;charset=UTF-8"),
    /** A line of JSON for each entry, as {@code GET /v1/audit} has it. */
    JSONL("jsonl", "application/x-ndjson");

    private final String extension;
    private final String mediaType;

    AuditFormat(String extension, String mediaType) {
        this.extension = extension;
        this.mediaType = mediaType;
    }

    /** Of a file, without a dot. */
    String extension() {
        return extension;
    }

    MediaType mediaType() {
        return MediaType.parseMediaType(mediaType);
    }

    /** What the file begins with. */
    byte[] head() {
        return switch (this) {
            case CSV -> AuditCsv.header().getBytes(UTF_8);
            case JSONL -> new byte[0];
        };
    }

    byte[] write(List<AuditEntry> entries, JsonMapper json) {
        return switch (this) {
            case CSV -> AuditCsv.rows(entries).getBytes(UTF_8);
            case JSONL -> lines(entries, json);
        };
    }

    private static byte[] lines(List<AuditEntry> entries, JsonMapper json) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (AuditEntry entry : entries) {
            lines.writeBytes(json.writeValueAsBytes(entry));
            lines.write('\n');
        }
        return lines.toByteArray();
    }
}
