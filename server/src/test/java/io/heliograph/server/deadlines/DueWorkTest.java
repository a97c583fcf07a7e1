package io.heliograph.server.deadlines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.WorkspaceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DueWorkTest {
    private static final int BATCH = 3;

    /** What is due: the workspace and a number. */
    private final List<String> due = new ArrayList<>();

    private final List<String> done = new ArrayList<>();
    private final List<String> attempts = new ArrayList<>();

    @Test
    void oneBatchIsDoneWorkspaceByWorkspaceAndTheRestLeftForTheNextRun() {
        due.addAll(List.of("a1", "b1", "a2", "b2"));

        assertThat(run()).isEqualTo(3);

        assertThat(done).containsExactly("a1", "a2", "b1");
        assertThat(due).containsExactly("b2");
        assertThat(run()).isEqualTo(1);
        assertThat(run()).isZero();
    }

    @Test
    void whatFailsIsTriedOnceInARunAndKeepsNothingBehindItWaiting() {
        due.addAll(List.of("x1", "a1", "x2", "x3", "x4", "x5", "x6", "a2", "x7", "b1"));

        assertThatThrownBy(this::run).hasMessage("x1, x2");

        assertThat(done).containsExactly("a1", "a2", "b1");
        assertThat(attempts).containsExactly("x", "a", "a", "b");
        assertThat(due).containsExactly("x1", "x2", "x3", "x4", "x5", "x6", "x7");
    }

    @Test
    void theFirstOfSeveralFailuresIsTold() {
        due.addAll(List.of("x1", "y1", "a1"));

        assertThatThrownBy(this::run).isInstanceOf(IllegalStateException.class).hasMessage("x1");

        assertThat(done).containsExactly("a1");
    }

    @Test
    void eachPartIsDoneWhateverFails() {
        Map<WorkspaceId, String> parts = new LinkedHashMap<>();
        for (String workspace : List.of("x", "a", "y", "b")) {
            parts.put(new WorkspaceId(workspace), workspace);
        }

        assertThatThrownBy(() -> DueWork.forEach(parts, (_, part) -> {
                    if (part.equals("x")) {
                        throw new StackOverflowError("x");
                    }
                    if (part.equals("y")) {
                        throw new IllegalStateException("y");
                    }
                    done.add(part);
                }))
                .isInstanceOf(StackOverflowError.class);

        assertThat(done).containsExactly("a", "b");
    }

    private int run() {
        return DueWork.run(
                BATCH,
                (limit, skip) -> due.stream().skip(skip).limit(limit).toList(),
                row -> new WorkspaceId(row.substring(0, 1)),
                this::work);
    }

    /** Fails for the workspaces x and y. */
    private int work(WorkspaceId workspace, List<String> rows) {
        attempts.add(workspace.value());
        if (workspace.value().compareTo("x") >= 0) {
            throw new IllegalStateException(String.join(", ", rows));
        }
        due.removeAll(rows);
        done.addAll(rows);
        return rows.size();
    }
}
