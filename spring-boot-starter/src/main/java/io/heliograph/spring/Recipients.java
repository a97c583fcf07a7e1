package io.heliograph.spring;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Draft;
import java.util.Optional;

/**
 * Who gets an event: everyone in its workspace, or one member; and what it is about, for clients that watch some topics
 * only. Immutable.
 */
public final class Recipients {
    private static final Recipients EVERYONE = new Recipients(Audience.EVERYONE, Optional.empty());
    private static final int MAX_MEMBER = 128;

    private final Audience audience;
    private final Optional<String> topic;

    private Recipients(Audience audience, Optional<String> topic) {
        this.audience = audience;
        this.topic = topic;
    }

    /** Everyone in the workspace. */
    public static Recipients everyone() {
        return EVERYONE;
    }

    /**
     * One member of the workspace: the sockets whose token has this {@code sub}.
     *
     * @throws IllegalArgumentException when it has not 1 to 128 characters
     */
    public static Recipients member(String memberId) {
        return new Recipients(Audience.member(checked("member", memberId, MAX_MEMBER)), Optional.empty());
    }

    /**
     * The same, about a topic such as {@code orders/42}. Clients that watch other topics only do not get it.
     *
     * @throws IllegalArgumentException when it has not 1 to 200 characters
     */
    public Recipients about(String aTopic) {
        return new Recipients(audience, Optional.of(checked("topic", aTopic, Draft.MAX_TEXT)));
    }

    Audience audience() {
        return audience;
    }

    Optional<String> topic() {
        return topic;
    }

    private static String checked(String name, String text, int max) {
        if (text.isEmpty() || text.length() > max) {
            throw new IllegalArgumentException(name + " has " + text.length() + " characters, expected 1 to " + max);
        }
        return text;
    }
}
