package io.heliograph.server.views;

import io.heliograph.server.errors.Fields;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A view as a member saves it; it is the member's own unless {@code shared} is true. */
record NewView(String name, Screen screen, String query, Optional<Boolean> shared) {
    NewView(@Nullable String name, @Nullable Screen screen, @Nullable String query, Optional<Boolean> shared) {
        this.name = ViewText.name(Fields.required("name", name));
        this.screen = Fields.required("screen", screen);
        this.query = ViewText.query(Fields.required("query", query));
        this.shared = shared;
    }

    boolean isShared() {
        return shared.orElse(false);
    }
}
