package io.heliograph.eventlog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands a feed's new events to the live sink, in batches. Owned by the feed's mailbox. */
final class LiveDelivery<P> {
    private static final Logger LOG = LoggerFactory.getLogger(LiveDelivery.class);

    private final WorkspaceId workspace;
    private final FeedContext<P> context;
    private final TailCache<P> tail;

    /** Delivered by the feed and not yet handed over. */
    private final List<Event> pending = new ArrayList<>();

    LiveDelivery(WorkspaceId workspace, FeedContext<P> context, TailCache<P> tail) {
        this.workspace = workspace;
        this.context = context;
        this.tail = tail;
    }

    void add(Event event) {
        pending.add(event);
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /**
     * Hands over what is pending, or forgets it when nobody is attached.
     *
     * @return false when the sink failed: then it is unknown what has arrived
     */
    boolean flush(boolean attached) {
        List<Event> events = List.copyOf(pending);
        pending.clear();
        Duration lag = Duration.between(
                events.getFirst().position().at(), context.scheduler().now());
        context.metrics().delivered(events.size(), lag.isNegative() ? Duration.ZERO : lag);
        if (!attached) {
            return true;
        }
        int size = context.settings().batchEvents();
        try {
            for (int from = 0; from < events.size(); from += size) {
                deliver(events.subList(from, Math.min(events.size(), from + size)));
            }
            return true;
        } catch (RuntimeException e) {
            // The sink belongs to the caller; its fault must not stop the feed.
            LOG.error("the live sink of workspace {} failed; its subscribers are reset", workspace, e);
            return false;
        }
    }

    private void deliver(List<Event> events) {
        List<P> encoded = new ArrayList<>(events.size());
        for (Event event : events) {
            if (context.sink().wants(event)) {
                encoded.add(tail.encoded(tail.get(event.offset())));
            }
        }
        if (!encoded.isEmpty()) {
            context.sink().deliver(workspace, encoded);
        }
    }
}
