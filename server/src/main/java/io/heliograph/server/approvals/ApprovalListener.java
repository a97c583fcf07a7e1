package io.heliograph.server.approvals;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;

/** Notified of approvals inside the transaction of the change, after the approval's own event. */
public interface ApprovalListener {

    void created(Transaction transaction, WorkspaceId workspace, Approval approval, Actor actor);

    /** The approval's status became terminal. */
    void settled(Transaction transaction, WorkspaceId workspace, Approval approval, Actor actor);
}
