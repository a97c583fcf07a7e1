package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The queue on a manual executor, with batches of two that only note what they took. */
class WriteQueueTest {
    private static final WorkspaceId THIRD = new WorkspaceId("ws_third");

    private final ManualTime executor = new ManualTime();
    private final List<String> ran = new ArrayList<>();
    private final Map<Job<?>, String> names = new HashMap<>();
    private Runnable duringNextBatch = () -> {};
    private WriteQueue queue = queue(1);

    private WriteQueue queue(int parallel) {
        LogSettings settings = LogSettings.builder()
                .waitingPerWorkspace(3)
                .waitingInAll(5)
                .batchCommands(2)
                .batchTime(Duration.ofSeconds(1))
                .parallelBatches(parallel)
                .attempts(1)
                .hintBytes(1_000)
                .pageBytes(1_000)
                .build();
        return new WriteQueue(settings, parallel, executor, this::runBatch);
    }

    private void runBatch(WorkspaceId workspace, Supplier<@Nullable Job<?>> next) {
        Runnable action = duringNextBatch;
        duringNextBatch = () -> {};
        action.run();
        for (int i = 0; i < 2; i++) {
            Job<?> job = next.get();
            if (job != null) {
                ran.add(names.get(job));
            }
        }
    }

    private Job<Integer> add(WorkspaceId workspace, String name) {
        Job<Integer> job = new Job<>(transaction -> 0, 0);
        names.put(job, name);
        queue.add(workspace, job);
        return job;
    }

    @Test
    void workspacesTakeTurnsBatchByBatch() {
        add(ACME, "a1");
        add(ACME, "a2");
        add(ACME, "a3");
        add(OTHER, "b1");
        add(THIRD, "c1");

        executor.settle();

        assertThat(ran).containsExactly("a1", "a2", "b1", "c1", "a3");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void aWorkspaceHasOneBatchAtATime() {
        queue = queue(8);
        add(ACME, "a1");
        add(ACME, "a2");
        add(ACME, "a3");
        add(OTHER, "b1");
        duringNextBatch = () -> {
            // All other workers run while this batch is not over.
            executor.settle();
            ran.add("other workers ended");
        };

        executor.settle();

        assertThat(ran).containsExactly("b1", "other workers ended", "a1", "a2", "a3");
    }

    @Test
    void noMoreWorkersRunThanMayBe() {
        queue = queue(2);
        add(ACME, "a1");
        add(OTHER, "b1");
        add(THIRD, "c1");

        assertThat(executor.step(1)).isTrue();
        assertThat(executor.step(0)).isTrue();
        assertThat(executor.step(0)).isFalse();
        assertThat(ran).containsExactly("a1", "b1", "c1");
    }

    @Test
    void aFullWorkspaceIsRefusedAndOthersAreNot() {
        add(ACME, "a1");
        add(ACME, "a2");
        add(ACME, "a3");

        assertThatThrownBy(() -> add(ACME, "a4"))
                .isInstanceOf(Overloaded.class)
                .hasMessageContaining("ws_acme has 3 commands waiting");
        add(OTHER, "b1");
        executor.settle();
        assertThat(ran).containsExactlyInAnyOrder("a1", "a2", "a3", "b1");
    }

    @Test
    void aFullQueueIsRefused() {
        add(ACME, "a1");
        add(ACME, "a2");
        add(ACME, "a3");
        add(OTHER, "b1");
        add(OTHER, "b2");

        assertThatThrownBy(() -> add(THIRD, "c1"))
                .isInstanceOf(Overloaded.class)
                .hasMessageContaining("5 commands wait");
        executor.settle();
        add(THIRD, "c1");
        executor.settle();
        assertThat(ran).endsWith("c1");
    }

    @Test
    void aCommandThatIsTakenBackLeavesItsPlace() {
        add(ACME, "a1");
        Job<Integer> second = add(ACME, "a2");
        add(ACME, "a3");

        assertThat(queue.remove(ACME, second)).isTrue();
        assertThat(queue.waiting()).isEqualTo(2);
        add(ACME, "a4");
        executor.settle();

        assertThat(ran).containsExactly("a1", "a3", "a4");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void aCommandThatRanCannotBeTakenBack() {
        Job<Integer> job = add(ACME, "a1");
        executor.settle();

        assertThat(queue.remove(ACME, job)).isFalse();
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void aBatchThatThrowsDoesNotEndTheWorker() {
        duringNextBatch = () -> {
            throw new IllegalStateException("broken");
        };
        add(ACME, "a1");
        executor.settle();
        add(OTHER, "b1");
        executor.settle();

        assertThat(ran).containsExactly("a1", "b1");
    }

    @Test
    void closingFailsThoseThatWaitAndRefusesOthers() {
        Job<Integer> waiting = add(ACME, "a1");

        queue.close(Duration.ZERO);

        assertThat(waiting.outcome()).isCompletedExceptionally();
        assertThat(queue.waiting()).isZero();
        assertThatThrownBy(() -> add(OTHER, "b1"))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("closed");
        executor.settle();
        assertThat(ran).isEmpty();
    }

    @Test
    void closingWaitsForTheBatchThatRuns() throws Exception {
        CompletableFuture<Boolean> running = new CompletableFuture<>();
        CompletableFuture<Boolean> mayEnd = new CompletableFuture<>();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        try (Callers callers = new Callers()) {
            WriteQueue real = new WriteQueue(
                    LogSettings.defaults(),
                    1,
                    task -> callers.start(() -> {
                        task.run();
                        return 0;
                    }),
                    (workspace, next) -> {
                        var _ = next.get();
                        running.complete(true);
                        mayEnd.join();
                        order.add("batch");
                    });
            real.add(ACME, new Job<>(transaction -> 0, 0));
            running.join();
            var closing = callers.submit(() -> {
                real.close(Duration.ofMinutes(1));
                order.add("closed");
                return 0;
            });
            org.awaitility.Awaitility.await().until(() -> refuses(real));
            mayEnd.complete(true);
            closing.get();
        }

        assertThat(order).containsExactly("batch", "closed");
    }

    private static boolean refuses(WriteQueue queue) {
        try {
            queue.add(OTHER, new Job<>(transaction -> 0, 0));
            return false;
        } catch (EventLogException closed) {
            return true;
        }
    }
}
