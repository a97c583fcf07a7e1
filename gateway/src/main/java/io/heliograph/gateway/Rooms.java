package io.heliograph.gateway;

import java.util.List;

/**
 * The names of the rooms that the gateway uses. A client never names a room; each name begins with a kind and the
 * workspace, so no two workspaces share one.
 */
final class Rooms {
    private Rooms() {}

    /** Every attached socket of the workspace. */
    static String everyone(String workspace) {
        return "w:" + workspace;
    }

    /** The sockets of one member. */
    static String member(String workspace, String memberId) {
        return "m:" + workspace + ":" + memberId;
    }

    /** The sockets that have not narrowed their topics. */
    static String allTopics(String workspace) {
        return "a:" + workspace;
    }

    /** The sockets that the application has put together under a name. */
    static String group(String workspace, String group) {
        return "g:" + workspace + ":" + group;
    }

    /** The rooms of what is of one topic. */
    static List<String> ofTopic(String workspace, String topic) {
        return List.of(allTopics(workspace), topic(workspace, topic));
    }

    /** The sockets that watch one topic. */
    static String topic(String workspace, String topic) {
        return "t:" + workspace + ":" + topic;
    }
}
