package io.heliograph.server.views;

import java.util.Locale;

/** The dashboard's screens that have views. */
enum Screen {
    APPROVALS,
    AGENTS,
    ACTIVITY;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
