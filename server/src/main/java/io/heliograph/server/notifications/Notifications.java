package io.heliograph.server.notifications;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.Snapshot;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.events.MemberDrafts;
import io.heliograph.server.events.MemberDrafts.Place;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.events.Subject;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies the members who may decide, and stores what each has seen and read. Every event goes to one member only, and
 * carries that member's counts after the change.
 *
 * <p>Safe from any thread.
 */
public final class Notifications {
    static final String NEW = "notification:new";
    static final String READ = "notification:read";
    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);

    /** The subject in a template; each draft has the id of its member's notification. */
    private static final Subject SUBJECT = Subject.of("notification", "");

    private static final Place UNSEEN = Place.at("/data/unseen");
    private static final Place UNREAD = Place.at("/data/unread");
    private static final List<Place> ARRIVED_PLACES =
            List.of(Place.at("/subject/id", "/data/notification/id"), UNSEEN, UNREAD);
    private static final List<Place> RESOLVED_PLACES =
            List.of(Place.at("/subject/id"), Place.at("/data/ids"), UNSEEN, UNREAD);

    private final NotificationStore store;
    private final EventDrafts drafts;
    private final NotificationSettings settings;

    Notifications(NotificationStore store, EventDrafts drafts, NotificationSettings settings) {
        this.store = store;
        this.drafts = drafts;
        this.settings = settings;
    }

    record Arrived(Notification notification, int unseen, int unread) {}

    /** {@code ids} or {@code all}, never both. */
    record Marked(
            Optional<List<String>> ids,
            Optional<Boolean> all,
            Optional<Instant> before,
            MarkRequest.Change change,
            String cause,
            int unseen,
            int unread) {}

    public NotificationCounts counts(Snapshot snapshot, Caller.Member member) {
        return CountStore.find(Sql.in(snapshot), member.workspace(), member.memberId());
    }

    /** Notifies all members who may decide, but for those who have turned off notifications of this kind. */
    void publish(Transaction transaction, WorkspaceId workspace, Actor actor, Notice notice) {
        List<MemberId> recipients = recipients(transaction, workspace, notice.kind());
        List<NotificationDelivery.Delivered> delivered =
                NotificationDelivery.deliver(Sql.in(transaction), workspace, recipients, notice, transaction.now());
        Map<Notification, MemberDrafts> alike = new HashMap<>();
        for (NotificationDelivery.Delivered one : delivered) {
            MemberDrafts own = alike.computeIfAbsent(
                    one.notification().withId(""),
                    shared -> drafts.forMembers(
                            NEW, transaction.now(), actor, SUBJECT, new Arrived(shared, 0, 0), ARRIVED_PLACES));
            transaction.append(own.draft(
                    one.memberId(),
                    List.of(
                            one.notification().id(),
                            one.counts().unseen(),
                            one.counts().unread())));
        }
    }

    /** Marks all members' notifications about a subject as read, because it needs no action any more. */
    void subjectResolved(Transaction transaction, WorkspaceId workspace, Actor actor, Subject subject) {
        Map<MemberId, NotificationStore.Changed> read =
                store.readSubject(Sql.in(transaction), workspace, subject, transaction.now());
        Marked shared = new Marked(
                Optional.of(List.of()),
                Optional.empty(),
                Optional.empty(),
                MarkRequest.Change.READ,
                "subject_resolved",
                0,
                0);
        MemberDrafts own = drafts.forMembers(READ, transaction.now(), actor, SUBJECT, shared, RESOLVED_PLACES);
        read.forEach((memberId, changed) -> transaction.append(own.draft(
                memberId,
                List.of(
                        changed.ids().getFirst(),
                        changed.ids(),
                        changed.counts().unseen(),
                        changed.counts().unread()))));
    }

    /** Marks a member's own notifications. Those already marked are unchanged and make no event. */
    Command<NotificationCounts> mark(Caller.Member member, MarkRequest request) {
        WorkspaceId workspace = member.workspace();
        return transaction -> {
            Instant now = transaction.now();
            NotificationStore.Changed changed =
                    store.mark(Sql.in(transaction), workspace, member.memberId(), request, now);
            NotificationCounts own = changed.counts();
            if (!changed.ids().isEmpty()) {
                Marked marked = new Marked(
                        request.everything() ? Optional.empty() : Optional.of(changed.ids()),
                        request.everything() ? Optional.of(true) : Optional.empty(),
                        request.everything() ? Optional.of(request.before().orElse(now)) : Optional.empty(),
                        request.change(),
                        "member",
                        own.unseen(),
                        own.unread());
                transaction.append(drafts.draft(
                        READ,
                        now,
                        Audience.member(member.memberId().value()),
                        Optional.empty(),
                        member.actor(),
                        Subject.of("notification", changed.ids().getFirst()),
                        marked));
            }
            return own;
        };
    }

    private List<MemberId> recipients(Transaction transaction, WorkspaceId workspace, NotificationKind kind) {
        List<MemberId> recipients =
                PreferenceStore.recipients(Sql.in(transaction), workspace, kind, settings.maxRecipients() + 1);
        if (recipients.size() > settings.maxRecipients()) {
            LOG.warn(
                    "workspace {} has more members to notify than the {} that"
                            + " heliograph.notifications.max-recipients allows",
                    workspace,
                    settings.maxRecipients());
            return recipients.subList(0, settings.maxRecipients());
        }
        return recipients;
    }
}
