package io.heliograph.server.gateway;

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

    /** The sockets that watch one topic. */
    static String topic(String workspace, String topic) {
        return "t:" + workspace + ":" + topic;
    }
}
