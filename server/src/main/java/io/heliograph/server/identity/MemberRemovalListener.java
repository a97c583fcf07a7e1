package io.heliograph.server.identity;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.MemberId;

/** Removes what a feature keeps of a member when the member is removed. A port, so that identity knows no feature. */
@FunctionalInterface
public interface MemberRemovalListener {
    /** Runs in the transaction that removes the member. */
    void memberRemoved(Transaction transaction, WorkspaceId workspace, MemberId member);
}
