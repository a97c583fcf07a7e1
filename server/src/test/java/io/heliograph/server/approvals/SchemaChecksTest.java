package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.json.Json;
import io.heliograph.server.workspaces.Role;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SchemaChecksTest {
    private static final JsonMapper JSON = Json.mapper();
    private static final Caller OLGA = member("mem_olga");
    private static final Caller OTTO = member("mem_otto");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void end() {
        release.countDown();
        callers.close();
    }

    @Test
    void fiftyHostileRequestsLeaveTheThreadsUsable() throws Exception {
        try (SchemaChecks checks = checks("100ms", 1000)) {
            JsonNode costly = JSON.readTree("{\"items\":{\"allOf\":["
                    + "{\"minimum\":0,\"maximum\":9,\"type\":\"integer\"},".repeat(400) + "{}]}}");
            JsonNode many = JSON.readTree("[" + "1,".repeat(30_000) + "1]");
            List<Future<Optional<String>>> answers = new ArrayList<>();
            for (int request = 0; request < 50; request++) {
                Caller caller = member("mem_" + request);
                answers.add(callers.submit(() -> checks.argsFault(caller, costly, many)));
            }

            int refused = 0;
            for (Future<Optional<String>> answer : answers) {
                try {
                    assertThat(answer.get()).get().asString().contains("heliograph.approvals.validation-timeout");
                } catch (java.util.concurrent.ExecutionException late) {
                    assertThat(late).hasCauseInstanceOf(ProblemException.class);
                    refused++;
                }
            }
            assertThat(refused).isLessThan(50);
            assertThat(checks.argsFault(OLGA, JSON.readTree("{\"type\":\"object\"}"), JSON.readTree("{}")))
                    .isEmpty();
            assertThat(registry.get("heliograph.approvals.validations").gauge().value())
                    .isZero();
        }
    }

    @Test
    void aRunThatTakesTooLongIsInterrupted() {
        try (SchemaChecks checks = checks("50ms", 10)) {
            CountDownLatch interrupted = new CountDownLatch(1);

            Optional<String> fault = checks.run(OLGA, () -> {
                try {
                    release.await();
                } catch (InterruptedException _) {
                    interrupted.countDown();
                }
                return Optional.empty();
            });

            assertThat(fault).get().asString().contains("50 ms").contains("heliograph.approvals.validation-timeout");
            Awaitility.await().until(() -> interrupted.getCount() == 0);
            assertThat(registry.get("heliograph.approvals.validations.timeouts")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void oneCallerLeavesAThreadToOthers() {
        try (SchemaChecks checks = checks("10s", 10)) {
            CountDownLatch started = new CountDownLatch(1);
            var _ = callers.submit(() -> checks.run(OLGA, blocking(started)));
            var _ = callers.submit(() -> checks.run(OLGA, blocking(started)));
            Awaitility.await()
                    .until(() -> started.getCount() == 0
                            && registry.get("heliograph.approvals.validations")
                                            .gauge()
                                            .value()
                                    == 2);

            assertThat(checks.run(OTTO, () -> Optional.of("his"))).contains("his");
        }
    }

    @Test
    void aFullQueueIsToldWithItsSetting() {
        try (SchemaChecks checks = checks("10s", 2)) {
            CountDownLatch started = new CountDownLatch(1);
            var _ = callers.submit(() -> checks.run(OLGA, blocking(started)));
            Awaitility.await().until(() -> started.getCount() == 0);

            assertThatThrownBy(() -> checks.run(OLGA, Optional::empty))
                    .isInstanceOfSatisfying(ProblemException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
                        assertThat(refused.members()).containsKey(ProblemException.RETRY_AFTER_SECONDS);
                    })
                    .hasMessageContaining("heliograph.approvals.max-validations allows 1");
            assertThat(checks.run(OTTO, Optional::empty)).isEmpty();
        }
    }

    @Test
    void whateverTheValidatorThrowsIsAFault() {
        try (SchemaChecks checks = checks("10s", 10)) {
            for (Throwable thrown : List.of(new StackOverflowError(), new IllegalStateException("secret"))) {
                assertThat(checks.run(OLGA, () -> {
                            throw sneaky(thrown);
                        }))
                        .get()
                        .asString()
                        .contains("cannot be evaluated")
                        .doesNotContain("secret");
            }
        }
    }

    private Supplier<Optional<String>> blocking(CountDownLatch started) {
        return () -> {
            started.countDown();
            try {
                release.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        };
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private SchemaChecks checks(String timeout, int max) {
        Duration limit = org.springframework.boot.convert.DurationStyle.detectAndParse(timeout);
        return new SchemaChecks(new ApprovalSettings(false, 10, 10, 10, 2, limit, max), registry);
    }

    private static Caller member(String id) {
        return new Caller.Member(new WorkspaceId("ws_acme"), new MemberId(id), id, Role.OPERATOR);
    }
}
