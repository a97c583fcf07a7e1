package io.heliograph.server.audit;

import java.util.List;
import java.util.Optional;

/**
 * Some entries of the trail, newest first. Immutable.
 *
 * @param next the id before which the next page begins, which may be older than the last entry; empty when there are no
 *     more
 */
record AuditPage(List<AuditEntry> entries, Optional<String> next) {
    AuditPage {
        entries = List.copyOf(entries);
    }
}
