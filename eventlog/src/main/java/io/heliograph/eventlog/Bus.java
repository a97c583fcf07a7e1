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
     * Delivers the workspace's hints to this node's listeners. Those of other workspaces may arrive too. Calls are
     * counted: the workspace is followed until {@link #unfollow} was called as often.
     */
    void follow(WorkspaceId workspace);

    /** Ends one {@link #follow}. */
    void unfollow(WorkspaceId workspace);

    /**
     * Whether other nodes can be reached. While they cannot, events of one node reach subscribers on the others by the
     * checks of the log's head only.
     */
    default boolean connected() {
        return true;
    }

    /** Bytes of hints and signals that are not sent yet, or not answered for; 0 when there is nothing to send to. */
    default long queuedBytes() {
        return 0;
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
         * missed. It is not called for each workspace when the bus is back: {@link #reconnected} stands for all.
         */
        default void followed(WorkspaceId workspace) {}
    }
}
