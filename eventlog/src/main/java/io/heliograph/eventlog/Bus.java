package io.heliograph.eventlog;

/**
 * Carries hints and signals between nodes. Nothing is promised of a hint but that most arrive soon: the feeds repair
 * from the log whatever goes missing. Signals of one node arrive in the order they were sent, while the bus is
 * connected; a node that was cut off learns so by {@link Listener#reconnected}.
 *
 * <p>Safe from any thread. No method blocks, and none throws because the bus is unreachable.
 */
public interface Bus extends AutoCloseable {

    /** Sends a hint to every node that follows its workspace, this one included. */
    void publish(Hint hint);

    /** Sends a signal to every node, this one included, whatever it follows. */
    void signal(Signal signal);

    /**
     * Has this node's listeners told of the workspace's hints. Those of other workspaces may arrive too. Calls are
     * counted: the workspace is followed until {@link #unfollow} was called as often.
     */
    void follow(WorkspaceId workspace);

    /** Ends one {@link #follow}. */
    void unfollow(WorkspaceId workspace);

    /**
     * Whether other nodes can be reached. While they cannot, their readers hear of what this node writes by the checks
     * of the log's head, and this node's readers of what the others write.
     */
    default boolean connected() {
        return true;
    }

    /** Adds a listener until the returned subscription is closed. */
    Subscription subscribe(Listener listener);

    @Override
    void close();

    /** Called on a thread of the bus or of the sender: must not block or throw. */
    interface Listener {
        void hint(Hint hint);

        void signal(Signal signal);

        /** The bus was cut off and is back, or another node was: hints and signals may have been missed. */
        void reconnected();

        /**
         * Other nodes' hints of a workspace that {@link Bus#follow} named arrive from now on; earlier ones may have been
         * missed. Not told of each workspace when the bus is back: {@link #reconnected} tells of all.
         */
        default void followed(WorkspaceId workspace) {}
    }
}
