package io.heliograph.server.identity;

import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The members whose sign-in links led to a session, the first one first. A link made in a session that another member's
 * link opened names the makers of both, so that a chain of links hides no maker.
 *
 * <p>Stored as a JSON list of {@code {id, name}}, or as null when there are none.
 */
public final class LinkMakers {
    /** Members in one chain of links. */
    static final int MAX = 8;

    private static final JsonMapper JSON = JsonMapper.shared();

    private LinkMakers() {}

    /**
     * The makers of a link that {@code caller} makes for {@code memberId}. A member that makes a link for itself is not
     * added: the link has the makers of its session.
     */
    static List<LinkMaker> of(Caller.Member caller, MemberId memberId) {
        List<LinkMaker> makers = new ArrayList<>(caller.signedInBy());
        if (makers.stream().noneMatch(maker -> maker.id().equals(caller.memberId()))) {
            makers.add(new LinkMaker(caller.memberId(), caller.name()));
        }
        makers.removeIf(maker -> maker.id().equals(memberId));
        return List.copyOf(makers);
    }

    /** As a column holds them. */
    public static @Nullable String write(List<LinkMaker> makers) {
        return makers.isEmpty() ? null : JSON.writeValueAsString(makers);
    }

    public static List<LinkMaker> read(@Nullable String column) {
        return column == null ? List.of() : List.of(JSON.readValue(column, LinkMaker[].class));
    }
}
