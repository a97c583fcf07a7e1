package io.heliograph.gateway;

import java.util.Locale;

/** The limits that a client of the gateway can meet; each is a setting, and counted when it is met. */
public enum Limit {
    MAX_CONNECTS_PER_SECOND,
    MAX_SOCKETS,
    MAX_SOCKETS_PER_WORKSPACE,
    MAX_SOCKETS_PER_MEMBER,
    MAX_EVENTS_PER_SECOND,
    MAX_WATCHED_TOPICS,
    MAX_REPLAY_PER_SECOND;

    /** The setting without its prefix. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As in the configuration, such as {@code heliograph.gateway.max-sockets}. */
    public String setting() {
        return "heliograph.gateway." + key();
    }
}
