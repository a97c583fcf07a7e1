package io.heliograph.gateway;

import io.heliograph.eventlog.Audience;
import java.util.List;
import java.util.Optional;

/**
 * The names of the rooms that the gateway uses. A client never names a room; each name begins with a kind and the
 * workspace, so no two workspaces share one.
 */
final class Rooms {
    private Rooms() {}

    /** Every attached socket of the workspace that is not limited to topics by its credential. */
    static String everyone(String workspace) {
        return "w:" + workspace;
    }

    /** The sockets of one member that are not limited to topics by their credentials. */
    static String member(String workspace, String memberId) {
        return "m:" + workspace + ":" + memberId;
    }

    /** The other sockets of one member: they get what is for it and has no topic. */
    static String limitedMember(String workspace, String memberId) {
        return "l:" + workspace + ":" + memberId;
    }

    /** The sockets of one member whose credentials are limited to topics that include this topic or pattern. */
    static String memberTopic(String workspace, String memberId, String pattern) {
        return "mt:" + workspace + ":" + memberId + ":" + pattern;
    }

    /** The sockets that have not narrowed their topics of a family. */
    static String allTopics(String workspace, String family) {
        return "a:" + workspace + ":" + family;
    }

    /** The sockets that the application has put together under a name. */
    static String group(String workspace, String group) {
        return "g:" + workspace + ":" + group;
    }

    /** The sockets that watch a topic, or a pattern of topics. */
    static String topic(String workspace, String pattern) {
        return "t:" + workspace + ":" + pattern;
    }

    /** The rooms of what an audience may see: their sockets and no others get it, each once. */
    static List<String> of(String workspace, Audience audience, Optional<String> topic, TopicFamilies families) {
        return switch (audience) {
            case Audience.Everyone everyone when topic.isEmpty() -> List.of(everyone(workspace));
            case Audience.Everyone everyone ->
                List.of(
                        allTopics(workspace, families.of(topic.get())),
                        topic(workspace, topic.get()),
                        topic(workspace, TopicPatterns.parentOf(topic.get())));
            case Audience.Member(String memberId)
            when topic.isEmpty() -> List.of(member(workspace, memberId), limitedMember(workspace, memberId));
            case Audience.Member(String memberId) ->
                List.of(
                        member(workspace, memberId),
                        memberTopic(workspace, memberId, topic.get()),
                        memberTopic(workspace, memberId, TopicPatterns.parentOf(topic.get())));
        };
    }
}
