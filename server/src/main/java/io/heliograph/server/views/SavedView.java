package io.heliograph.server.views;

import io.heliograph.server.events.MemberId;
import java.time.Instant;

/**
 * A filter of a screen under a name. Immutable.
 *
 * @param id {@code viw_…}
 * @param name unique among the owner's views, without regard to case
 * @param query the search string of the screen's URL, as it was given
 * @param shared whether all members of the workspace see it
 * @param version 1 at first, +1 with each change; the ETag
 */
record SavedView(
        String id,
        String name,
        Screen screen,
        String query,
        boolean shared,
        Owner owner,
        Instant createdAt,
        long version) {

    /** The member that made it. */
    record Owner(MemberId id, String name) {}

    boolean belongsTo(MemberId member) {
        return owner.id().equals(member);
    }

    SavedView changed(ViewChange change) {
        return new SavedView(
                id,
                change.name().orElse(name),
                screen,
                change.query().orElse(query),
                change.shared().orElse(shared),
                owner,
                createdAt,
                version + 1);
    }
}
