package io.heliograph.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.Subject;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What it takes to tell 500 members of one approval. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
class ManyDecidersTest {
    private static final int MEMBERS = 500;
    /** A workspace's id of the server is longer than this test's, and is in each of the two rows. */
    private static final int LONGER_WORKSPACE = "ws_01m8k4k68fe00abmveb3jjja2z".length() - "ws_test".length();

    private Features features;
    private final List<Caller.Member> members = new ArrayList<>();

    @BeforeEach
    void open(@TempDir Path folder) {
        features = Features.open(folder);
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
    void eachMemberReadsItsOwnEnvelope() {
        publish();

        List<JsonNode> envelopes = features.envelopes("notification:new");

        assertThat(envelopes).hasSize(MEMBERS);
        for (int i = 0; i < MEMBERS; i++) {
            JsonNode envelope = envelopes.get(i);
            Notification own = page(members.get(i)).getFirst();
            assertThat(envelope.path("offset").asInt()).isEqualTo(i + 1);
            assertThat(envelope.at("/subject/id").asString()).isEqualTo(own.id());
            assertThat(envelope.at("/data/notification").toString()).isEqualTo(features.json.writeValueAsString(own));
        }
    }

    private void publish() {
        Subject approval = Subject.of("approval", Ids.next("apr", features.clock.millis()));
        Notice notice = new Notice(
                "approval.requested",
                Notification.Severity.INFO,
                "Delete the old backups?",
                Optional.of("robot asks to run shell.run, risk medium"),
                approval,
                "/approvals/" + approval.id(),
                "approval.requested:" + approval.id());
        boolean _ = features.part(EventLog.class).write(features.workspace, transaction -> {
            features.part(Notifications.class)
                    .publish(transaction, features.workspace, Actor.of("agent", "agt_1", "robot"), notice);
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
