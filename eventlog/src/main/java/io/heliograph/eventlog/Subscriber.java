package io.heliograph.eventlog;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A reader as its feed sees it. The calls come one at a time, in order, on a thread of the feed; they must not block.
 * A reader that throws is dropped. After its subscription was closed a last call may still be under way.
 *
 * @param <P> what the feed makes of an event once for all readers, see {@link EventEncoder}
 */
public interface Subscriber<P> {

    /**
     * The next events that this reader may see, oldest first, never none. The values are the feed's: whoever needs
     * them after this call has returned keeps a copy or a reference of its own.
     *
     * @return is completed when the reader wants the next page; completed exceptionally, the reader has left
     */
    CompletionStage<?> page(List<P> page);

    /**
     * The reader has everything up to {@code cursor}. One that {@linkplain Feeds#join joined} gets what follows from
     * the {@link LiveSink}, beginning with the very next event, even when it has not yet asked for more after its last
     * page; one that {@linkplain Feeds#follow follows} goes on getting pages. Called once.
     */
    void attached(Cursor cursor);

    /**
     * What this reader had does not lead to the log as it is: it must load its lists anew, and goes on after
     * {@code head}. Before {@link #attached}, or at any time after it.
     */
    void reset(ResetReason reason, Cursor head);

    /**
     * The feed has dropped this reader because a call of it, its filter or the preparation of an event has thrown. It
     * gets no more events: whoever it reads for should be cut off, so that it comes back with its cursor.
     */
    default void dropped() {}
}
