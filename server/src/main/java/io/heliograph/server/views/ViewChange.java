package io.heliograph.server.views;

import java.util.Optional;

/** A change of a view; what is left out stays. */
record ViewChange(Optional<String> name, Optional<String> query, Optional<Boolean> shared) {
    ViewChange {
        name.ifPresent(ViewText::name);
        query.ifPresent(ViewText::query);
    }
}
