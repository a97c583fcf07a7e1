package io.heliograph.eventlog;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Receives what one subscription gets. The calls come one at a time, in order, on a thread of the feed; they must not
 * block. A subscriber that throws is dropped. After its subscription was closed, one last call may be under way.
 *
 * @param <P> the value that is made of an event once for all subscribers, see {@link EventEncoder}
 */
public interface Subscriber<P> {

    /**
     * The next events that pass the subscription's filter, oldest first, at least one. The values belong to the feed: a
     * subscriber that needs them after this call has returned keeps a copy or a reference of its own.
     *
     * @return completes when the subscriber is ready for the next page; an exceptional completion ends the subscription
     */
    CompletionStage<?> page(List<P> page);

    /**
     * The subscriber has everything up to {@code cursor}. One that {@linkplain Feeds#join joined} gets what follows from
     * the {@link LiveSink}, beginning with the very next event, even when it is not yet ready after its last page; one
     * that {@linkplain Feeds#follow follows} continues to get pages. Called once.
     */
    void attached(Cursor cursor);

    /**
     * What this subscriber has received does not lead to the present log: its client must load its lists again, and
     * continues after {@code head}. Called before {@link #attached}, or at any time after it.
     */
    void reset(ResetReason reason, Cursor head);

    /**
     * The feed has dropped this subscriber because one of its calls, its filter or the encoding of an event has thrown.
     * It gets no more events. The owner should close the client's connection, so that it returns with its cursor.
     */
    default void dropped() {}
}
