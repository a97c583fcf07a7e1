package io.heliograph.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Revocations reach every listener, whatever fails on the way. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
final class RevocationFeedIT {
    @TempDir
    Path folder;

    private TestServer server;
    private TestClient owner;
    private WorkspaceId workspace;
    private RevocationFeed feed;

    @BeforeEach
    void start() {
        server = TestServer.start(folder);
        owner = server.as(server.token("acme", "olga", Role.OWNER));
        workspace = server.workspace("acme");
        feed = server.part(RevocationFeed.class);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aListenerThatFailsIsToldAgainAndKeepsNobodyElse() {
        AtomicInteger calls = new AtomicInteger();
        List<Revocation> others = new CopyOnWriteArrayList<>();
        feed.listen(_ -> {
            if (calls.incrementAndGet() == 1) {
                throw new StackOverflowError("as from a callback");
            }
        });
        feed.listen(others::add);
        String bob = server.member("acme", "bob", Role.OPERATOR);

        assertThat(owner.delete("/v1/members/" + bob).status()).isEqualTo(204);

        await().until(() -> calls.get() == 2);
        assertThat(others).contains(new Revocation.MemberRemoved(workspace, new MemberId(bob)));
        assertThat(feed.failures()).isEqualTo(1);
    }

    @Test
    void anEntryThatIsNotUnderstoodKeepsNoOtherFromBeingTold() {
        List<Revocation> told = new CopyOnWriteArrayList<>();
        feed.listen(told::add);
        // Ten minutes ahead of all others, so that it is among what every later reading finds.
        write("rev_new", "later", "x", 600_000);
        write("rev_role", "role", "a role of a later version", 600_000);
        write("rev_key", "key", "", 600_001);

        await().until(() -> !told.isEmpty());

        assertThat(told).containsExactly(new Revocation.KeyRevoked(workspace, "rev_key"));
        assertThat(feed.failures()).isEqualTo(2);
    }

    @Test
    void whatCommitsLateWithAnEarlierTimeIsToldAsWell() {
        List<Revocation> told = new CopyOnWriteArrayList<>();
        feed.listen(told::add);
        write("rev_first", "key", "", 0);
        await().until(() -> told.size() == 1);

        write("rev_late", "key", "", -10_000);

        await().until(() -> told.size() == 2);
        assertThat(told)
                .containsExactly(
                        new Revocation.KeyRevoked(workspace, "rev_first"),
                        new Revocation.KeyRevoked(workspace, "rev_late"));
    }

    @Test
    void aMetricTellsWhenTheTableWasLastRead() {
        await().until(() -> metric("heliograph_revocations_age_seconds")
                .filter(age -> age < 5)
                .isPresent());
        assertThat(metric("heliograph_revocations_failures_total")).contains(0.0);
    }

    private Optional<Double> metric(String name) {
        return server.anonymous()
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst();
    }

    /** Adds an entry as another node would, so many milliseconds after the newest one. */
    private void write(String id, String kind, String detail, long afterNewest) {
        server.part(EventLog.class).write(workspace, transaction -> {
            JdbcClient jdbc = Sql.in(transaction);
            long newest = jdbc.sql("select coalesce(max(at), 0) from revocation")
                    .query(Long.class)
                    .single();
            long at = Math.max(newest, transaction.now().toEpochMilli() - 60_000) + afterNewest;
            return jdbc.sql(
                            "insert into revocation (workspace, id, kind, subject, detail, at) values (?, ?, ?, ?, ?, ?)")
                    .params(workspace.value(), id, kind, id, detail, at)
                    .update();
        });
    }
}
