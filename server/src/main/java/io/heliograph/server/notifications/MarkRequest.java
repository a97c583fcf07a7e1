package io.heliograph.server.notifications;

import io.heliograph.server.errors.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/notifications/mark}: some by their ids, or all, up to a time. Immutable.
 *
 * @param ids at most 200; empty with {@code all}
 * @param before the newest notification that {@code all} includes, so that unseen newer ones are not marked
 */
record MarkRequest(List<String> ids, Optional<Boolean> all, Optional<Instant> before, Change change) {
    private static final int MAX_IDS = 200;

    MarkRequest(@Nullable List<String> ids, Optional<Boolean> all, Optional<Instant> before, @Nullable Change change) {
        this.ids = ids == null ? List.of() : Fields.texts("ids", ids, MAX_IDS, 64);
        this.all = all;
        this.before = before;
        this.change = Fields.required("change", change);
        Fields.check(
                this.ids.isEmpty() == everything(),
                "ids",
                "is required, as a list of ids, unless all is true; then leave it out");
        Fields.check(before.isEmpty() || everything(), "before", "goes only with all");
        Fields.check(
                change != Change.UNREAD || !everything(),
                "all",
                "does not go with the change unread; name the ids instead");
    }

    /** Whether it is about all notifications, not some by their ids. */
    boolean everything() {
        return all.orElse(false);
    }

    /** The new state. */
    enum Change {
        SEEN,
        READ,
        UNREAD,
        ARCHIVED
    }
}
