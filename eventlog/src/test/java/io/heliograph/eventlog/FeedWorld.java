package io.heliograph.eventlog;

import io.heliograph.eventlog.ReaderHistory.Told;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A node with feeds, a log and a bad bus, that does one random step after the other on a manual clock, and writes down
 * what every reader is told. Everything runs on the test's thread; tasks of the feeds run only when a step says so, in
 * an order that the step chooses.
 */
final class FeedWorld implements AutoCloseable {
    private static final List<String> MEMBERS = List.of("mem_a", "mem_b", "mem_c");

    final Truth truth = new Truth();
    final List<ReaderHistory> histories = new ArrayList<>();

    private final ManualTime time = new ManualTime();
    private final FlakyBus bus = new FlakyBus();
    private final TestLog log;
    private final Feeds<Event> feeds;
    private final List<WorkspaceId> workspaces;
    private final List<Hint> held = new ArrayList<>();
    private final List<Live> readers = new ArrayList<>();
    private int taken;
    private boolean broken;

    /** One thing that happens. The numbers choose among what there is at that time. */
    record Step(Kind kind, int first, int second) {
        @Override
        public String toString() {
            return kind + "(" + first + "," + second + ")";
        }
    }

    enum Kind {
        APPEND,
        DELIVER_HINT,
        LOSE_HINT,
        REPEAT_HINT,
        JOIN,
        FOLLOW,
        WAIT,
        LEAVE,
        READY,
        RUN,
        ADVANCE,
        RECONNECT,
        BREAK,
        DROP,
        RESET,
        NEW_EPOCH
    }

    /** What opens a world's log: on the bus and the clock that the world holds. */
    interface Logs extends Function<FeedWorld.Wires, TestLog> {}

    record Wires(Bus bus, ManualTime time) {}

    FeedWorld(Logs logs, FeedSettings settings, List<WorkspaceId> workspaces) {
        this.log = logs.apply(new Wires(bus, time));
        this.workspaces = workspaces;
        for (WorkspaceId workspace : workspaces) {
            truth.begin(workspace, log.open(workspace).cursor().epoch());
        }
        bus.lose = true;
        feeds = Feeds.on(log, bus)
                .settings(settings)
                .scheduler(time)
                .executors(time, time)
                .build(EventEncoder.identity(), this::outlet);
    }

    void run(List<Step> steps) {
        steps.forEach(this::step);
        settle();
    }

    /** All histories are right, and those of readers that are still here are complete. */
    void check() {
        HistoryChecker checker = new HistoryChecker(truth);
        for (Live reader : readers) {
            if (reader.left) {
                checker.checkRight(reader.history);
            } else {
                checker.checkRightAndComplete(reader.history);
            }
        }
    }

    @Override
    public void close() {
        feeds.close();
        time.settle();
    }

    private void step(Step step) {
        WorkspaceId workspace = workspaces.get(Math.floorMod(step.second(), workspaces.size()));
        switch (step.kind()) {
            case APPEND -> append(workspace, step.first());
            case DELIVER_HINT -> hint(step.first(), true, true);
            case LOSE_HINT -> hint(step.first(), false, true);
            case REPEAT_HINT -> hint(step.first(), true, false);
            case JOIN, FOLLOW, WAIT -> enter(step.kind(), workspace, step.first());
            case LEAVE -> choose(step.first()).ifPresent(Live::leave);
            case READY -> choose(step.first()).ifPresent(Live::makeReady);
            case RUN -> whileMaybeBroken(() -> runSome(step.first(), step.second()));
            case ADVANCE -> whileMaybeBroken(() -> time.advance(Duration.ofMillis(Math.floorMod(step.first(), 2_500))));
            case BREAK -> broken = step.first() % 3 == 0;
            case RECONNECT -> bus.reconnect();
            case DROP -> drop(workspace, step.first());
            case RESET -> {
                log.reset(workspace);
                truth.begin(workspace, log.open(workspace).cursor().epoch());
            }
            case NEW_EPOCH -> {
                log.newEpoch(workspace);
                truth.rename(workspace, log.open(workspace).cursor().epoch());
            }
        }
        collectHints();
    }

    private void append(WorkspaceId workspace, int choice) {
        int count = 1 + Math.floorMod(choice, 3);
        log.write(workspace, transaction -> {
            for (int i = 0; i < count; i++) {
                transaction.append(draft(Math.floorMod(choice + i, 5)));
            }
            return 0;
        });
        collectHints();
    }

    /** Two of five events are for one member; payloads are of different sizes. */
    private static Draft draft(int choice) {
        String id = "evt_" + Samples.nextId();
        Audience audience = choice < 2 ? Audience.member(MEMBERS.get(choice)) : Audience.EVERYONE;
        return new Draft(
                id,
                "approval:created",
                audience,
                Optional.empty(),
                choice % 2 == 0 ? Optional.of("key") : Optional.empty(),
                position -> Payload.of(
                        (id + "@" + position.offset() + "x".repeat(choice * 40)).getBytes(StandardCharsets.UTF_8)));
    }

    /** The bus sends nothing by itself: hints wait here until a step takes them. */
    private void collectHints() {
        bus.lose = true;
        for (; taken < bus.sent.size(); taken++) {
            Hint hint = bus.sent.get(taken);
            hint.events().forEach(truth::append);
            held.add(hint);
        }
    }

    private void hint(int choice, boolean deliver, boolean remove) {
        if (held.isEmpty()) {
            return;
        }
        // Mostly in order, sometimes not.
        int index = choice % 3 == 0 ? Math.floorMod(choice, held.size()) : 0;
        Hint hint = held.get(index);
        if (deliver) {
            bus.deliver(hint);
        }
        if (remove) {
            held.remove(index);
        }
    }

    private void drop(WorkspaceId workspace, int choice) {
        long head = truth.head(workspace);
        long before = 1 + Math.floorMod(choice, head + 2);
        log.dropBefore(workspace, Math.min(before, head + 1));
        truth.drop(workspace, Math.min(before, head + 1) - 1);
    }

    private void runSome(int choice, int count) {
        for (int i = 0; i <= Math.floorMod(count, 4); i++) {
            time.step(choice + i * 7);
        }
    }

    /** The database may be out of reach for the feeds, though not for the test itself. */
    private void whileMaybeBroken(Runnable action) {
        log.breakReads(broken);
        action.run();
        log.breakReads(false);
    }

    private Optional<Live> choose(int choice) {
        return readers.isEmpty() ? Optional.empty() : Optional.of(readers.get(Math.floorMod(choice, readers.size())));
    }

    private void enter(Kind kind, WorkspaceId workspace, int choice) {
        String member = MEMBERS.get(Math.floorMod(choice, MEMBERS.size()));
        ReaderHistory history = history(workspace, member, choice / 3);
        histories.add(history);
        Live reader = new Live(kind, history, choice % 2 == 0);
        readers.add(reader);
        switch (kind) {
            case JOIN -> reader.subscription = feeds.join(workspace, history.start(), history::sees, reader);
            case FOLLOW -> reader.subscription = feeds.follow(workspace, history.start(), history::sees, reader);
            default ->
                reader.await(feeds.poll(
                        workspace,
                        history.start(),
                        history::sees,
                        1 + Math.floorMod(choice, 4),
                        Duration.ofMillis(Math.floorMod(choice, 3) * 1_000L)));
        }
    }

    /** Begins now, with the oldest, after any cursor that was ever true, or after one that is made up. */
    private ReaderHistory history(WorkspaceId workspace, String member, int choice) {
        String epoch = truth.epoch(workspace);
        long head = truth.head(workspace);
        long offset = Math.floorMod(choice / 8, head + 1);
        return switch (Math.floorMod(choice, 8)) {
            case 0 -> new ReaderHistory(workspace, member, StartPosition.now(), true);
            case 1 -> new ReaderHistory(workspace, member, StartPosition.oldest(), true);
            case 2 ->
                new ReaderHistory(workspace, member, StartPosition.after(new Cursor(epoch, offset, "forged")), false);
            case 3 ->
                new ReaderHistory(
                        workspace, member, StartPosition.after(new Cursor(epoch, head + 1 + offset, "ahead")), false);
            case 4 -> new ReaderHistory(workspace, member, StartPosition.after(foreign(workspace)), false);
            default -> new ReaderHistory(workspace, member, StartPosition.after(truth.cursor(epoch, offset)), true);
        };
    }

    private Cursor foreign(WorkspaceId workspace) {
        WorkspaceId other = workspaces.get((workspaces.indexOf(workspace) + 1) % workspaces.size());
        return truth.cursor(truth.epoch(other), truth.head(other));
    }

    /** Time goes by, everybody is ready, and nothing new happens: now all must be repaired. */
    private void settle() {
        for (int i = 0; i < 40; i++) {
            time.advance(Duration.ofSeconds(1));
            readers.forEach(Live::makeReady);
        }
        time.settle();
    }

    private void outlet(WorkspaceId workspace, List<Event> batch) {
        for (Live reader : readers) {
            if (reader.attached && reader.history.workspace().equals(workspace)) {
                batch.stream().filter(reader.history::sees).forEach(reader::got);
            }
        }
    }

    /** A reader that is here: writes down what it is told, and is ready at once or when a step says so. */
    private final class Live implements Subscriber<Event> {
        final ReaderHistory history;
        private final Kind kind;
        private final boolean slow;
        Subscription subscription = () -> {};
        CompletableFuture<Boolean> ready = CompletableFuture.completedFuture(true);
        boolean attached;
        boolean left;

        Live(Kind kind, ReaderHistory history, boolean slow) {
            this.kind = kind;
            this.history = history;
            this.slow = slow;
        }

        @Override
        public CompletionStage<?> page(List<Event> page) {
            page.forEach(this::got);
            ready = new CompletableFuture<>();
            if (!slow) {
                ready.complete(true);
            }
            return ready;
        }

        @Override
        public void attached(Cursor cursor) {
            tell(new Told.Reached(cursor));
            // A follower goes on with pages: only the outlet's readers are listed there.
            attached = kind == Kind.JOIN;
        }

        @Override
        public void reset(ResetReason reason, Cursor head) {
            tell(new Told.WasReset(reason, head));
        }

        void got(Event event) {
            tell(new Told.Got(event));
        }

        void makeReady() {
            ready.complete(true);
        }

        void leave() {
            left = true;
            attached = false;
            subscription.close();
        }

        /** A wait is over with its answer. */
        void await(CompletableFuture<PollResult> answer) {
            left = true;
            var _ = answer.thenAccept(waited -> {
                switch (waited) {
                    case PollResult.Page(List<Event> events, Cursor cursor) -> {
                        events.forEach(event -> history.told().add(new Told.Got(event)));
                        if (history.trusted()) {
                            history.told().add(new Told.Reached(cursor));
                        }
                    }
                    case PollResult.Reset(ResetReason reason, Cursor head) ->
                        history.told().add(new Told.WasReset(reason, head));
                }
            });
        }

        private void tell(Told told) {
            if (!left) {
                if (kind == Kind.JOIN) {
                    history.joined(told, truth);
                }
                history.told().add(told);
            }
        }
    }
}
