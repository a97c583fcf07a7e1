package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.workspaces.Role;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Two nodes on one PostgreSQL: what one SQL text and compare-and-set must hold without a single writer. */
class TwoNodesIT {
    private static EmbeddedPostgres postgres;

    private HikariDataSource pool;
    private Features one;
    private Features other;
    private Caller.Key key;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void open() {
        JdbcClient server = JdbcClient.create(postgres.getPostgresDatabase());
        server.sql("drop schema public cascade").update();
        server.sql("create schema public").update();
        HikariConfig config = new HikariConfig();
        config.setDataSource(postgres.getPostgresDatabase());
        config.setMaximumPoolSize(24);
        pool = new HikariDataSource(config);
        one = Features.on(pool);
        other = Features.on(pool);
        key = one.key("agent");
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
        pool.close();
    }

    @Test
    void ofManyDecisionsOnBothNodesOneCounts() throws Exception {
        List<Caller.Member> members = IntStream.range(0, 40)
                .mapToObj(index -> one.member("member-" + index, Role.OPERATOR))
                .toList();
        Approval approval = create(one, "{\"orderId\":1}", Optional.empty());

        List<Decisions.Result> results = concurrently(members.stream()
                .<Callable<Decisions.Result>>map(member ->
                        () -> decide(member.memberId().hashCode() % 2 == 0 ? one : other, member, approval))
                .toList());

        assertThat(results)
                .filteredOn(Decisions.Result.Recorded.class::isInstance)
                .hasSize(1);
        assertThat(results)
                .filteredOn(Decisions.Result.AlreadyDecided.class::isInstance)
                .hasSize(39);
        assertThat(one.envelopes("approval:resolved")).hasSize(1);
    }

    @Test
    void requestsOfOneIdempotencyKeyOnBothNodesMakeOneApproval() throws Exception {
        List<Approvals.Creation> results = concurrently(IntStream.range(0, 30)
                .<Callable<Approvals.Creation>>mapToObj(index -> () -> {
                    Features node = index % 2 == 0 ? one : other;
                    return node.run(node.part(Approvals.class).create(key, wish("{\"orderId\":1}"), Optional.of("k1")));
                })
                .toList());

        assertThat(results)
                .filteredOn(Approvals.Creation.Created.class::isInstance)
                .hasSize(1);
        assertThat(results)
                .filteredOn(Approvals.Creation.Joined.class::isInstance)
                .hasSize(29);
        assertThat(one.envelopes("approval:created")).hasSize(1);
    }

    @Test
    void countsAreExactInTheOrderOfTheLog() throws Exception {
        concurrently(IntStream.range(0, 60)
                .<Callable<Approval>>mapToObj(index ->
                        () -> create(index % 2 == 0 ? one : other, "{\"orderId\":" + index + "}", Optional.empty()))
                .toList());

        List<Integer> pending = one.events().stream()
                .filter(event -> event.type().equals("approval:created"))
                .map(event -> one.json.readTree(event.payload().bytes()))
                .map((JsonNode envelope) -> envelope.at("/data/counts/pending").asInt())
                .toList();
        assertThat(pending)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 60).boxed().toList());
    }

    @Test
    void bothNodesSweepAndAnApprovalExpiresOnce() {
        Approval approval = create(one, "{\"orderId\":1}", Optional.empty());

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            other.part(DeadlineSweeper.class).expire();
            one.part(DeadlineSweeper.class).expire();
            return find(approval).status() == Approval.Status.EXPIRED;
        });

        assertThat(one.envelopes("approval:expired")).hasSize(1);
        assertThat(find(approval).resolvedAt().orElseThrow()).isAfterOrEqualTo(approval.expiresAt());
    }

    private Approval create(Features node, String args, Optional<String> idempotencyKey) {
        return ((Approvals.Creation.Created)
                        node.run(node.part(Approvals.class).create(key, wish(args), idempotencyKey)))
                .approval();
    }

    private NewApproval wish(String args) {
        return one.json.readValue(
                "{\"title\":\"Refund?\",\"expiresIn\":10,\"action\":{\"name\":\"refund\",\"args\":" + args + "}}",
                NewApproval.class);
    }

    private Approval find(Approval approval) {
        return one.part(ApprovalReads.class).find(one.workspace, approval.id()).orElseThrow();
    }

    private static Decisions.Result decide(Features node, Caller.Member member, Approval approval) {
        return node.run(node.part(Decisions.class)
                .decide(
                        member,
                        approval.id(),
                        new Decision(
                                Approval.Outcome.APPROVED,
                                approval.action().digest(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        _ -> true));
    }

    private static <T> List<T> concurrently(List<Callable<T>> calls) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        }
    }
}
