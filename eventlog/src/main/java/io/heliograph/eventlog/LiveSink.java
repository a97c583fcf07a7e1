package io.heliograph.eventlog;

import java.util.List;

/**
 * Receives the new events of workspaces for all subscribers that are attached to their feeds: in order, each once.
 *
 * @param <P> the value that is made of an event once for all subscribers, see {@link EventEncoder}
 */
@FunctionalInterface
public interface LiveSink<P> {

    /**
     * Whether an attached subscriber may get the event; others are neither encoded nor delivered. Called as {@link #deliver}
     * is, before it, for each new event; must not block.
     */
    default boolean wants(Event event) {
        return true;
    }

    /**
     * Delivers new events, oldest first, of any audience. Called by one thread at a time per workspace, and never while
     * that workspace's subscribers are called; must not block.
     *
     * <p>When it throws, all attached subscribers are reset, as it is unknown what has arrived. The values belong to the
     * feed: a sink that needs them after this call has returned keeps a copy or a reference of its own.
     */
    void deliver(WorkspaceId workspace, List<P> batch);
}
