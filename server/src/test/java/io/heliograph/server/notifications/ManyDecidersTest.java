package io.heliograph.server.notifications;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.Subject;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it takes to tell 500 members of one approval. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
class ManyDecidersTest {
    private static final int MEMBERS = 500;
    /** A workspace's id of the server is longer than this test's, and is in each of the two rows. */
    private static final int LONGER_WORKSPACE = "ws_01m8k4k68fe00abmveb3jjja2z".length() - "ws_test".length();

    private static final Actor ROBOT = Actor.of("agent", "agt_1", "robot");

    private Features features;
    private Subject approval;
    private final List<Caller.Member> members = new ArrayList<>();

    @BeforeEach
    void open(@TempDir Path folder) {
        features = Features.open(folder);
        approval = Subject.of("approval", Ids.next("apr", features.clock.millis()));
        for (int i = 0; i < MEMBERS; i++) {
            members.add(features.member("member-" + i, Role.OPERATOR));
        }
    }

    @AfterEach
    void close() {
        features.close();
    }

    @Test
    void eachMemberCostsOneSmallRowInTheInboxAndOneInTheLog() {
        publish();

        assertThat(number("select count(*) from notification_body")).isEqualTo(1);
        assertThat(number("select count(*) from member_notification")).isEqualTo(MEMBERS);
        assertThat(number("select count(*) from log_event")).isEqualTo(MEMBERS);
        assertThat(number("select count(*) from log_shared")).isEqualTo(1);
        long inbox = number("select sum(octet_length(workspace) + octet_length(member_id) + octet_length(id)"
                + " + octet_length(body_id) + octet_length(dedupe_key) + 4 + 8) from member_notification");
        long log = number("select sum(octet_length(workspace) + octet_length(id) + octet_length(type)"
                + " + octet_length(member) + octet_length(payload) + 4 * 8) from log_event");
        long shared = number("select octet_length(payload) from log_shared");
        assertThat((inbox + log + shared) / MEMBERS + 2L * LONGER_WORKSPACE).isLessThanOrEqualTo(400);
    }

    @Test
    void eachMembersEnvelopeHasTheBytesThatTheMapperWrites() {
        publish();

        List<Event> events = features.events();

        assertThat(events).hasSize(MEMBERS);
        for (int i = 0; i < MEMBERS; i++) {
            Notification own = page(members.get(i)).getFirst();
            assertArrived(events.get(i), i + 1, members.get(i), own, 1);
        }
    }

    @Test
    void thoseWhoHaveNotReadAnEarlierOneGetItAgainAndTheOthersANewOne() {
        publish();
        for (int i = 0; i < MEMBERS; i += 2) {
            mark(members.get(i));
        }
        features.clock.advance(Duration.ofSeconds(1));
        long before = features.events().size();

        publish();

        List<Event> events = features.events().subList((int) before, (int) before + MEMBERS);
        for (int i = 0; i < MEMBERS; i++) {
            Notification own = page(members.get(i)).getFirst();
            assertThat(own.count()).isEqualTo(i % 2 == 0 ? 1 : 2);
            assertArrived(events.get(i), before + i + 1, members.get(i), own, 1);
        }
        // One template of each of the two bodies, beside that of the first time.
        assertThat(number("select count(*) from log_shared")).isEqualTo(3);
    }

    @Test
    void whatIsResolvedIsReadWithTheBytesThatTheMapperWrites() {
        publish();

        boolean _ = features.part(EventLog.class).write(features.workspace, transaction -> {
            features.part(Notifications.class).subjectResolved(transaction, features.workspace, Actor.SYSTEM, approval);
            return true;
        });

        List<Event> events = features.events().subList(MEMBERS, 2 * MEMBERS);
        Map<Audience, String> ids = new HashMap<>();
        members.forEach(member -> ids.put(
                Audience.member(member.memberId().value()),
                page(member).getFirst().id()));
        for (Event event : events) {
            String id = Objects.requireNonNull(ids.remove(event.audience()));
            assertEnvelope(
                    event,
                    Actor.SYSTEM,
                    Subject.of("notification", id),
                    new Notifications.Marked(
                            Optional.of(List.of(id)),
                            Optional.empty(),
                            Optional.empty(),
                            MarkRequest.Change.READ,
                            "subject_resolved",
                            0,
                            0));
        }
        assertThat(ids).isEmpty();
    }

    private void assertArrived(Event event, long offset, Caller.Member member, Notification own, int unread) {
        assertThat(event.offset()).isEqualTo(offset);
        assertThat(event.audience()).isEqualTo(Audience.member(member.memberId().value()));
        assertEnvelope(
                event, ROBOT, Subject.of("notification", own.id()), new Notifications.Arrived(own, unread, unread));
    }

    private void assertEnvelope(Event event, Actor actor, Subject subject, Object data) {
        Envelope envelope = new Envelope(
                event.id(), event.type(), event.offset(), event.position().at(), actor, subject, data);
        assertThat(new String(event.payload().bytes(), UTF_8)).isEqualTo(features.json.writeValueAsString(envelope));
    }

    private record Envelope(
            String id, String type, long offset, Instant at, Actor actor, Subject subject, Object data) {}

    private void mark(Caller.Member member) {
        MarkRequest all = new MarkRequest(null, Optional.of(true), Optional.empty(), MarkRequest.Change.READ);
        NotificationCounts _ = features.run(features.part(Notifications.class).mark(member, all));
    }

    private void publish() {
        Notice notice = new Notice(
                NotificationKind.APPROVAL_REQUESTED,
                Notification.Severity.INFO,
                "Delete the \"old\" backups? \u2713 \u0001",
                Optional.of("robot asks to run shell.run, risk medium"),
                approval,
                "/approvals/" + approval.id(),
                "approval.requested:" + approval.id());
        boolean _ = features.part(EventLog.class).write(features.workspace, transaction -> {
            features.part(Notifications.class).publish(transaction, features.workspace, ROBOT, notice);
            return true;
        });
    }

    private List<Notification> page(Caller.Member member) {
        return features.part(NotificationStore.class)
                .page(
                        features.jdbc(),
                        features.workspace,
                        member.memberId(),
                        NotificationStore.State.INBOX,
                        Optional.empty(),
                        10)
                .rows();
    }

    private long number(String sql) {
        return features.jdbc().sql(sql).query(Long.class).single();
    }
}
