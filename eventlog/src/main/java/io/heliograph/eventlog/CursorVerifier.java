package io.heliograph.eventlog;

import io.heliograph.eventlog.FeedSubscription.State;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides on subscriptions whose cursor does not fit the feed, once the log's head is known: the feed may be a little
 * behind, or the cursor may be of another log. Owned by the feed's mailbox.
 */
final class CursorVerifier<P> {
    /** Bounds the queries of one check; a client may present any number of epochs. */
    private static final int MAX_EPOCHS = 16;

    private final WorkspaceId workspace;
    private final TailCache<P> tail;
    private final Subscriptions<P> subscriptions;

    CursorVerifier(WorkspaceId workspace, TailCache<P> tail, Subscriptions<P> subscriptions) {
        this.workspace = workspace;
        this.tail = tail;
        this.subscriptions = subscriptions;
    }

    /** The epochs whose owners must be known to tell a foreign cursor from an old one. */
    Set<String> epochs(List<FeedSubscription<P>> asking) {
        Set<String> epochs = new LinkedHashSet<>();
        for (FeedSubscription<P> subscription : asking) {
            if (epochs.size() < MAX_EPOCHS) {
                epochs.add(subscription.position().epoch());
            }
        }
        return epochs;
    }

    void verify(FeedSubscription<P> subscription, LogReads.Verification found) {
        if (!subscription.is(State.UNVERIFIED)) {
            return;
        }
        Head head = found.head();
        Cursor at = subscription.position();
        Cursor delivered = tail.delivered();
        if (!head.cursor().epoch().equals(delivered.epoch())) {
            // The feed has learned of a new epoch since this head was read.
            subscriptions.requestVerification(subscription);
        } else if (!at.epoch().equals(delivered.epoch())) {
            subscriptions.reset(
                    subscription,
                    isForeign(at.epoch(), found.owners()) ? ResetReason.OTHER_WORKSPACE : ResetReason.EPOCH_CHANGED);
        } else if (at.offset() > Math.max(head.cursor().offset(), delivered.offset())) {
            subscriptions.reset(subscription, ResetReason.AHEAD_OF_HEAD);
        } else if (at.offset() > delivered.offset()) {
            subscriptions.parkAhead(subscription);
        } else if (subscription.isFromOldest() && head.oldestOffset() > delivered.offset()) {
            subscription.skipTo(delivered);
            subscriptions.toFront(subscription);
        } else if (!subscription.isFromOldest()
                && subscription.firstNeededOffset() < head.oldestOffset()
                && at.offset() < delivered.offset()) {
            subscriptions.reset(subscription, ResetReason.TOO_OLD);
        } else {
            subscriptions.toFront(subscription);
        }
    }

    private boolean isForeign(String epoch, Map<String, WorkspaceId> owners) {
        return owners.containsKey(epoch) && !workspace.equals(owners.get(epoch));
    }
}
