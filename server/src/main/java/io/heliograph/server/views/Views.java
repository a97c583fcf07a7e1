package io.heliograph.server.views;

import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.events.Subject;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.MemberRemovalListener;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The commands of saved views. A member changes its own views; owners and admins of the workspace also change shared ones.
 * A view that the caller does not see is answered like one that there is not. Commands throw {@link ProblemException}.
 *
 * <p>The caller runs each command as one transaction. Safe from any thread.
 */
final class Views implements MemberRemovalListener {
    /** The rows that count as views of a member, as {@link WorkspaceUsage} takes them. */
    static final String OF_MEMBER = "saved_view where workspace = ? and owner = ?";
    /** The rows that count as shared views of a workspace. */
    static final String SHARED = "saved_view where workspace = ? and shared = 1";

    private final AuditTrail audit;
    private final WorkspaceUsage usage;

    Views(AuditTrail audit, WorkspaceUsage usage) {
        this.audit = audit;
        this.usage = usage;
    }

    Command<SavedView> create(Caller.Member caller, NewView request) {
        return transaction -> {
            SavedView view = new SavedView(
                    Ids.next("viw", transaction.now().toEpochMilli()),
                    request.name(),
                    request.screen(),
                    request.query(),
                    request.isShared(),
                    new SavedView.Owner(caller.memberId(), caller.name()),
                    transaction.now(),
                    1);
            checkSharing(caller, view);
            checkName(transaction, caller.workspace(), view);
            checkRoom(transaction, caller.workspace(), view, Optional.empty());
            ViewStore.insert(Sql.in(transaction), caller.workspace(), view);
            record(transaction, caller, "view.created", view);
            return view;
        };
    }

    /** {@code wanted} accepts the versions that the change may apply to. */
    Command<SavedView> change(Caller.Member caller, String id, ViewChange change, LongPredicate wanted) {
        return transaction -> {
            SavedView before = changeable(transaction, caller, id, wanted);
            SavedView after = before.changed(change);
            checkSharing(caller, after);
            if (after.name().equals(before.name())
                    && after.query().equals(before.query())
                    && after.shared() == before.shared()) {
                return before;
            }
            checkName(transaction, caller.workspace(), after);
            checkRoom(transaction, caller.workspace(), after, Optional.of(before));
            ViewStore.update(Sql.in(transaction), caller.workspace(), after);
            record(transaction, caller, "view.changed", after);
            return after;
        };
    }

    Command<SavedView> remove(Caller.Member caller, String id, LongPredicate wanted) {
        return transaction -> {
            SavedView view = changeable(transaction, caller, id, wanted);
            ViewStore.remove(Sql.in(transaction), caller.workspace(), id);
            record(transaction, caller, "view.deleted", view);
            return view;
        };
    }

    /** A member's views end with the member, the shared ones as well. */
    @Override
    public void memberRemoved(Transaction transaction, WorkspaceId workspace, MemberId member) {
        ViewStore.removeAll(Sql.in(transaction), workspace, member);
    }

    private static SavedView changeable(
            Transaction transaction, Caller.Member caller, String id, LongPredicate wanted) {
        SavedView view = ViewStore.find(Sql.in(transaction), caller.workspace(), id)
                .filter(found -> found.shared() || found.belongsTo(caller.memberId()))
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.NOT_FOUND, "There is no view " + id + " that the caller sees in this workspace"));
        if (!view.belongsTo(caller.memberId()) && !caller.role().mayAdminister()) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "A shared view is changed by the member that made it, and by owners and admins of the workspace");
        }
        if (!wanted.test(view.version())) {
            throw new ProblemException(
                    ErrorCode.VERSION_MISMATCH,
                    "If-Match names another version than the stored " + view.version()
                            + "; read the view again, and repeat the change");
        }
        return view;
    }

    private static void checkSharing(Caller.Member caller, SavedView view) {
        if (view.shared() && caller.role() == Role.VIEWER) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "A viewer cannot have shared views; that requires the role operator, admin or owner");
        }
    }

    private static void checkName(Transaction transaction, WorkspaceId workspace, SavedView view) {
        ViewStore.findByName(Sql.in(transaction), workspace, view.owner().id(), view.name())
                .filter(other -> !other.id().equals(view.id()))
                .ifPresent(other -> {
                    throw new ProblemException(
                            ErrorCode.CONFLICT,
                            "This member has a view with the name \"" + other.name()
                                    + "\" already; use another name, or change that view");
                });
    }

    /** Counts what a view adds to the limits. */
    private void checkRoom(Transaction transaction, WorkspaceId workspace, SavedView view, Optional<SavedView> before) {
        JdbcClient jdbc = Sql.in(transaction);
        if (before.isEmpty()) {
            usage.checkRoom(
                    jdbc,
                    WorkspaceLimit.VIEWS_PER_MEMBER,
                    OF_MEMBER,
                    workspace.value(),
                    view.owner().id().value());
        }
        if (view.shared() && before.filter(SavedView::shared).isEmpty()) {
            usage.checkRoom(jdbc, WorkspaceLimit.SHARED_VIEWS, SHARED, workspace.value());
        }
    }

    private void record(Transaction transaction, Caller.Member caller, String action, SavedView view) {
        audit.record(
                transaction,
                caller.workspace(),
                caller.actor(),
                action,
                Subject.of("view", view.id(), view.version()),
                Map.of("name", view.name(), "screen", view.screen(), "shared", view.shared()));
    }
}
