package io.heliograph.eventlog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reads of one feed's log. They run on other threads; the answer, or after a pause the failure, is a task of the
 * feed's mailbox. Safe from any thread.
 */
final class LogReads {
    private static final Logger LOG = LoggerFactory.getLogger(LogReads.class);

    private final WorkspaceId workspace;
    private final FeedContext<?> context;
    private final Mailbox mailbox;

    LogReads(WorkspaceId workspace, FeedContext<?> context, Mailbox mailbox) {
        this.workspace = workspace;
        this.context = context;
        this.mailbox = mailbox;
    }

    /** The head of a log, and its newest events up to there. */
    record Opening(Head head, List<Event> newest) {}

    void opening(Consumer<Opening> answer, Runnable failed) {
        read("the start of", context.limiter()::run, this::readOpening, answer, failed);
    }

    private Opening readOpening() {
        int preload = context.settings().preload();
        Head head = context.log().open(workspace);
        long end = head.cursor().offset();
        if (preload == 0) {
            return new Opening(head, List.of());
        }
        long from = Math.max(0, Math.max(head.oldestOffset() - 1, end - preload));
        List<Event> newest = context.log().after(workspace, from, preload).stream()
                .filter(event -> event.offset() <= end)
                .toList();
        // Between the two reads the log may have become another.
        boolean same = !newest.isEmpty() && newest.getLast().cursor().equals(head.cursor());
        return new Opening(head, same ? newest : List.of());
    }

    /**
     * What follows a cursor.
     *
     * @param events the events after it, or first the one at it; none when the log does not continue the cursor
     * @param head the log's head when it does not
     */
    record Gap(List<Event> events, Optional<Head> head) {}

    void gap(Cursor from, Consumer<Gap> answer, Runnable failed) {
        read("a gap in", context.blocking(), () -> readGap(from), answer, failed);
    }

    private Gap readGap(Cursor from) {
        // Begins with the last delivered event, which shows that this is still the same log.
        List<Event> events = context.log()
                .after(
                        workspace,
                        Math.max(0, from.offset() - 1),
                        context.settings().pageEvents() + 1);
        if (!events.isEmpty() && continues(from, events.getFirst())) {
            return new Gap(events, Optional.empty());
        }
        return new Gap(
                List.of(),
                Optional.ofNullable(context.log().heads(List.of(workspace)).get(workspace)));
    }

    private static boolean continues(Cursor from, Event first) {
        return first.position().epoch().equals(from.epoch())
                && (first.offset() == from.offset() + 1 || first.cursor().equals(from));
    }

    /** The log's head, and the workspaces whose logs have the other epochs that were asked for. */
    record Verification(Head head, Map<String, WorkspaceId> owners) {}

    void head(Set<String> epochs, Consumer<Verification> answer, Runnable failed) {
        read("the head of", context.limiter()::run, () -> readHead(epochs), answer, failed);
    }

    private Verification readHead(Set<String> epochs) {
        Head head = context.log().open(workspace);
        Map<String, WorkspaceId> owners = new HashMap<>();
        for (String epoch : epochs) {
            if (!epoch.equals(head.cursor().epoch())) {
                context.log().ownerOf(epoch).ifPresent(owner -> owners.put(epoch, owner));
            }
        }
        return new Verification(head, owners);
    }

    /**
     * Events in their order.
     *
     * @param successors as {@link EventLog#successors} has them; empty when they were not asked for
     */
    record Page(List<Event> events, Map<Long, Long> successors) {
        static final Page EMPTY = new Page(List.of(), Map.of());

        long successor(Event event) {
            return successors.getOrDefault(event.offset(), 0L);
        }
    }

    /** @param conflates whether the successors are needed */
    void page(long after, int limit, boolean conflates, Consumer<Page> answer, Runnable failed) {
        read("a page of", context.limiter()::run, () -> readPage(after, limit, conflates), answer, failed);
    }

    private Page readPage(long after, int limit, boolean conflates) {
        List<Event> events = context.log().after(workspace, after, limit);
        boolean keyed = conflates
                && events.stream().anyMatch(event -> event.conflationKey().isPresent());
        return new Page(
                events,
                keyed
                        ? context.log()
                                .successors(
                                        workspace,
                                        events.getFirst().offset(),
                                        events.getLast().offset())
                        : Map.of());
    }

    private <T> void read(String what, Executor executor, Supplier<T> read, Consumer<T> answer, Runnable failed) {
        executor.execute(() -> {
            T found;
            try {
                found = read.get();
            } catch (RuntimeException e) {
                LOG.warn("could not read {} the log of workspace {}; trying again", what, workspace, e);
                context.metrics().readFailed();
                var unused = context.scheduler().schedule(context.settings().retry(), () -> mailbox.post(failed));
                return;
            }
            mailbox.post(() -> answer.accept(found));
        });
    }
}
