package io.heliograph.server.deadlines;

import io.heliograph.eventlog.WorkspaceId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Work that is due in several workspaces, done for each workspace by itself. What fails in one workspace does not keep
 * the others waiting, even if it fails for ever and has more rows that are due than a batch holds. Stateless.
 */
public final class DueWork {
    private DueWork() {}

    /** Finds rows of all workspaces that are due, the longest overdue first. */
    @FunctionalInterface
    public interface Source<R> {
        List<R> find(int limit, int skip);
    }

    /** Does what is due in one workspace; returns the number of rows done. */
    @FunctionalInterface
    public interface Work<R> {
        int run(WorkspaceId workspace, List<R> rows);
    }

    /** Does the part of each workspace. Throws the first failure at the end. */
    public static <T> void forEach(Map<WorkspaceId, T> parts, BiConsumer<WorkspaceId, T> work) {
        Optional<Throwable> failure = Optional.empty();
        for (Map.Entry<WorkspaceId, T> part : parts.entrySet()) {
            try {
                work.accept(part.getKey(), part.getValue());
            } catch (RuntimeException | Error thrown) {
                failure = failure.isPresent() ? failure : Optional.of(thrown);
            }
        }
        failure.ifPresent(DueWork::rethrow);
    }

    /**
     * Takes one batch, and when a workspace failed, the batches behind it too. Throws the first failure at the end.
     *
     * @return the number of rows done; 0 when nothing is due
     */
    public static <R> int run(int batch, Source<R> due, Function<R, WorkspaceId> workspaceOf, Work<R> work) {
        Set<WorkspaceId> failed = new HashSet<>();
        Optional<Throwable> failure = Optional.empty();
        int done = 0;
        int skipped = 0;
        List<R> rows;
        do {
            rows = due.find(batch, skipped);
            Map<WorkspaceId, List<R>> groups =
                    rows.stream().collect(Collectors.groupingBy(workspaceOf, LinkedHashMap::new, Collectors.toList()));
            for (Map.Entry<WorkspaceId, List<R>> group : groups.entrySet()) {
                try {
                    done += failed.contains(group.getKey()) ? 0 : work.run(group.getKey(), group.getValue());
                } catch (RuntimeException | Error thrown) {
                    failed.add(group.getKey());
                    failure = failure.isPresent() ? failure : Optional.of(thrown);
                }
                // Its rows are still due, and come before those that were not looked at.
                skipped += failed.contains(group.getKey()) ? group.getValue().size() : 0;
            }
        } while (!failed.isEmpty() && rows.size() == batch);
        failure.ifPresent(DueWork::rethrow);
        return done;
    }

    private static void rethrow(Throwable failure) {
        switch (failure) {
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            case Throwable other -> throw new IllegalArgumentException(other);
        }
    }
}
