package io.heliograph.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Subject;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class NotificationsTest {
    private Features features;
    private Notifications notifications;
    private Caller.Member olga;
    private Caller.Member otto;

    @BeforeEach
    void open(@TempDir Path folder) {
        features = Features.open(folder, Map.of("heliograph.notifications.max-recipients", "3"));
        notifications = features.part(Notifications.class);
        olga = features.member("Olga", Role.OPERATOR);
        otto = features.member("Otto", Role.OWNER);
        features.member("Vera", Role.VIEWER);
    }

    @AfterEach
    void close() {
        features.close();
    }

    @Test
    void everybodyWhoMayDecideIsToldAndNobodyElse() {
        publish("apr_1");

        assertThat(features.events())
                .extracting(event -> event.audience())
                .containsExactlyInAnyOrder(
                        new Audience.Member(olga.memberId().value()),
                        new Audience.Member(otto.memberId().value()));
        JsonNode event = features.newest("notification:new");
        assertThat(event.at("/data/unseen").asInt()).isEqualTo(1);
        assertThat(event.at("/data/unread").asInt()).isEqualTo(1);
        JsonNode notification = event.at("/data/notification");
        assertThat(notification.get("kind").asString()).isEqualTo("approval.requested");
        assertThat(notification.get("severity").asString()).isEqualTo("warning");
        assertThat(notification.at("/subject/id").asString()).isEqualTo("apr_1");
        assertThat(notification.get("count").asInt()).isEqualTo(1);
        assertThat(notification.has("seenAt")).isFalse();
    }

    @Test
    void theSameWhileUnreadCountsUpAndIsUnseenAgain() {
        publish("apr_1");
        mark(olga, "{\"all\":true,\"change\":\"seen\"}");

        publish("apr_1");

        List<Notification> inbox = page(olga, NotificationStore.State.INBOX);
        assertThat(inbox).hasSize(1);
        assertThat(inbox.getFirst().count()).isEqualTo(2);
        assertThat(inbox.getFirst().seenAt()).isEmpty();
        assertThat(counts(olga)).isEqualTo(new NotificationCounts(1, 1));
    }

    @Test
    void theSameAfterItWasReadIsANewOne() {
        publish("apr_1");
        mark(olga, "{\"all\":true,\"change\":\"read\"}");

        publish("apr_1");

        assertThat(page(olga, NotificationStore.State.INBOX)).hasSize(2);
        assertThat(counts(olga)).isEqualTo(new NotificationCounts(1, 1));
    }

    @Test
    void whatIsResolvedIsReadForEveryone() {
        publish("apr_1");
        publish("apr_2");
        mark(olga, "{\"all\":true,\"change\":\"read\"}");

        resolve("apr_1");

        List<JsonNode> read = features.envelopes("notification:read");
        JsonNode ottos = read.getLast().get("data");
        assertThat(read).hasSize(2);
        assertThat(ottos.get("cause").asString()).isEqualTo("subject_resolved");
        assertThat(ottos.get("change").asString()).isEqualTo("read");
        assertThat(ottos.get("ids")).hasSize(1);
        assertThat(ottos.get("unread").asInt()).isEqualTo(1);
        assertThat(counts(otto)).isEqualTo(new NotificationCounts(1, 1));
    }

    @Test
    void markingIsPersonalAndTellsAbsoluteCounts() {
        publish("apr_1");
        publish("apr_2");
        String id = page(olga, NotificationStore.State.INBOX).getLast().id();

        NotificationCounts after = mark(olga, "{\"ids\":[\"" + id + "\"],\"change\":\"read\"}");

        assertThat(after).isEqualTo(new NotificationCounts(1, 1));
        assertThat(counts(otto)).isEqualTo(new NotificationCounts(2, 2));
        assertThat(features.events().getLast().audience())
                .isEqualTo(new Audience.Member(olga.memberId().value()));
        JsonNode data = features.newest("notification:read").get("data");
        assertThat(data)
                .isEqualTo(features.json.readTree("{\"ids\":[\"" + id
                        + "\"],\"change\":\"read\",\"cause\":\"member\",\"unseen\":1,\"unread\":1}"));
        assertThat(mark(otto, "{\"ids\":[\"" + id + "\"],\"change\":\"read\"}"))
                .isEqualTo(new NotificationCounts(2, 2));
        assertThat(features.envelopes("notification:read")).hasSize(1);
    }

    @Test
    void allUpToATimeLeavesWhatCameLater() {
        publish("apr_1");
        String before = features.json.convertValue(features.clock.instant(), String.class);
        features.clock.advance(Duration.ofSeconds(1));
        publish("apr_2");

        mark(olga, "{\"all\":true,\"before\":\"" + before + "\",\"change\":\"seen\"}");

        assertThat(counts(olga)).isEqualTo(new NotificationCounts(1, 2));
        JsonNode data = features.newest("notification:read").get("data");
        assertThat(data.get("all").asBoolean()).isTrue();
        assertThat(data.get("before").asString()).isEqualTo(before);
        assertThat(data.has("ids")).isFalse();
    }

    @Test
    void unreadAndArchivedAreWhatTheySay() {
        publish("apr_1");
        String id = page(olga, NotificationStore.State.INBOX).getFirst().id();

        mark(olga, "{\"ids\":[\"" + id + "\"],\"change\":\"read\"}");
        assertThat(mark(olga, "{\"ids\":[\"" + id + "\"],\"change\":\"unread\"}"))
                .isEqualTo(new NotificationCounts(0, 1));
        assertThat(mark(olga, "{\"ids\":[\"" + id + "\"],\"change\":\"archived\"}"))
                .isEqualTo(NotificationCounts.NONE);

        assertThat(page(olga, NotificationStore.State.INBOX)).isEmpty();
        assertThat(page(olga, NotificationStore.State.ARCHIVED)).hasSize(1);
    }

    @Test
    void onlyOneOfSeveralThatAreTheSameBecomesUnreadAgain() {
        publish("apr_1");
        mark(olga, "{\"all\":true,\"change\":\"read\"}");
        features.clock.advance(Duration.ofSeconds(1));
        publish("apr_1");
        mark(olga, "{\"all\":true,\"change\":\"read\"}");
        List<String> ids = page(olga, NotificationStore.State.INBOX).stream()
                .map(Notification::id)
                .toList();

        mark(olga, features.json.writeValueAsString(Map.of("ids", ids, "change", "unread")));

        assertThat(page(olga, NotificationStore.State.UNREAD))
                .extracting(Notification::id)
                .containsExactly(ids.getFirst());
    }

    @Test
    void tooManyRecipientsAreCutToTheLimit() {
        for (int index = 0; index < 5; index++) {
            features.member("Extra " + index, Role.OPERATOR);
        }

        publish("apr_1");

        assertThat(features.envelopes("notification:new")).hasSize(3);
    }

    @Test
    void aKindThatAMemberHasTurnedOffIsForTheOthersOnly() {
        turnOff(olga, "approval.expired");

        publish("apr_1");
        publish("apr_2", NotificationKind.APPROVAL_EXPIRED);

        assertThat(page(olga, NotificationStore.State.ALL))
                .extracting(Notification::kind)
                .containsExactly("approval.requested");
        assertThat(counts(olga)).isEqualTo(new NotificationCounts(1, 1));
        assertThat(counts(otto)).isEqualTo(new NotificationCounts(2, 2));
        assertThat(features.events().getLast().audience())
                .isEqualTo(new Audience.Member(otto.memberId().value()));
        assertThat(features.envelopes("notification:new")).hasSize(3);
    }

    @Test
    void whoHasTurnedAKindOffDoesNotCountAsARecipient() {
        features.member("Extra 0", Role.OPERATOR);
        features.member("Extra 1", Role.OPERATOR);
        turnOff(olga, "agent.error");

        publish("apr_1", NotificationKind.AGENT_ERROR);

        assertThat(features.envelopes("notification:new")).hasSize(3);
        assertThat(counts(olga)).isEqualTo(NotificationCounts.NONE);
    }

    @Test
    void whatIsThereStaysWhenItsKindIsTurnedOff() {
        publish("apr_1", NotificationKind.AGENT_OFFLINE);
        turnOff(olga, "agent.offline");

        publish("apr_1", NotificationKind.AGENT_OFFLINE);

        assertThat(page(olga, NotificationStore.State.UNREAD).getFirst().count())
                .isEqualTo(1);
        assertThat(page(otto, NotificationStore.State.UNREAD).getFirst().count())
                .isEqualTo(2);
        resolve("apr_1");
        assertThat(counts(olga)).isEqualTo(NotificationCounts.NONE);
    }

    @Test
    void aMarkThatNamesNothingOrTooMuchIsRefused() {
        assertThatThrownBy(() -> mark(olga, "{\"change\":\"read\"}")).hasMessageContaining("unless all is true");
        assertThatThrownBy(() -> mark(olga, "{\"ids\":[\"x\"]}")).hasMessageContaining("is required");
        assertThatThrownBy(() -> mark(olga, "{\"all\":true,\"change\":\"unread\"}"))
                .hasMessageContaining("name the ids");
    }

    private void publish(String approvalId) {
        publish(approvalId, NotificationKind.APPROVAL_REQUESTED);
    }

    private void publish(String approvalId, NotificationKind kind) {
        boolean _ = features.part(EventLog.class).write(features.workspace, transaction -> {
            notifications.publish(
                    transaction,
                    features.workspace,
                    Actor.of("agent", "agt_1", "Builder"),
                    new Notice(
                            kind,
                            Notification.Severity.WARNING,
                            "Refund?",
                            Optional.of("42"),
                            Subject.of("approval", approvalId),
                            "/approvals/" + approvalId,
                            kind.wireName() + ":" + approvalId));
            return true;
        });
    }

    private void turnOff(Caller.Member member, String kind) {
        NotificationPreferences wanted =
                features.json.readValue("{\"inApp\":{\"" + kind + "\":false}}", NotificationPreferences.class);
        NotificationPreferences _ =
                features.run(features.part(PreferenceChanges.class).change(member, wanted));
    }

    private void resolve(String approvalId) {
        boolean _ = features.part(EventLog.class).write(features.workspace, transaction -> {
            notifications.subjectResolved(
                    transaction, features.workspace, Actor.SYSTEM, Subject.of("approval", approvalId));
            return true;
        });
    }

    private NotificationCounts mark(Caller.Member member, String body) {
        return features.run(notifications.mark(member, features.json.readValue(body, MarkRequest.class)));
    }

    private NotificationCounts counts(Caller.Member member) {
        return CountStore.find(features.jdbc(), features.workspace, member.memberId());
    }

    private List<Notification> page(Caller.Member member, NotificationStore.State state) {
        return features.part(NotificationStore.class)
                .page(features.jdbc(), features.workspace, member.memberId(), state, Optional.empty(), 50)
                .rows();
    }
}
