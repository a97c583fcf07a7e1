package io.heliograph.eventlog;

import java.util.List;

/**
 * Where new events of a workspace go to all readers that are attached to its feed: in order, each once.
 *
 * @param <P> what the feed makes of an event once for all readers, see {@link EventEncoder}
 */
@FunctionalInterface
public interface LiveSink<P> {

    /**
     * Delivers what has piled up, oldest first, of whatever audience. Called by one thread at a time per workspace,
     * and never while that workspace's subscribers are called; must not block. When it throws, all readers that are
     * attached are reset, as nobody knows what has arrived. The values are the feed's: whoever
     * needs them after this call has returned keeps a copy or a reference of its own.
     */
    void deliver(WorkspaceId workspace, List<P> batch);
}
