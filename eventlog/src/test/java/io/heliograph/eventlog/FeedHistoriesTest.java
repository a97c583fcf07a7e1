package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.FeedWorld.Kind;
import io.heliograph.eventlog.FeedWorld.Step;
import io.heliograph.eventlog.ReaderHistory.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random lives of a node: appends, lost, doubled and reordered hints, readers that come with any cursor, slow ones,
 * retention, new epochs, tasks in any order. Whatever happens, each reader's history is the log's restriction to what it
 * may see.
 *
 * <p>A short run by default; a long one with {@code -Dtest.jvm.args=-Dsamples=20000}. A failure prints the seed.
 */
@ExtendWith(InstancioExtension.class)
class FeedHistoriesTest {
    private static final List<WorkspaceId> WORKSPACES = List.of(Samples.ACME, Samples.OTHER);

    @Test
    void eachReadersHistoryIsTheLogsRestrictionToWhatItMaySee() {
        Randoms.samples(1500).map(Worlds::random).forEach(world -> {
            try (FeedWorld feeds = world(world.settings())) {
                feeds.run(world.steps());
                feeds.check();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError(world.toString(), failure);
            }
        });
    }

    @Test
    void theCheckerNoticesWhatIsLostDoubledSwappedOrForeign() {
        Random random = new Random(7);
        int planted = 0;
        for (int i = 0; i < 40; i++) {
            try (FeedWorld feeds = world(FeedSettings.defaults())) {
                feeds.run(busyLife(random));
                feeds.check();
                for (ReaderHistory history : feeds.histories) {
                    planted += plant(new HistoryChecker(feeds.truth), history, random);
                }
            }
        }
        assertThat(planted).as("faults that were planted").isGreaterThan(400);
    }

    private static FeedWorld world(FeedSettings settings) {
        return new FeedWorld(wires -> new MemoryLog(wires.time()::now, wires.bus()), settings, WORKSPACES);
    }

    private static List<Step> busyLife(Random random) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(Kind.JOIN, 0, 0));
        steps.add(new Step(Kind.JOIN, 1, 1));
        for (int i = 0; i < 60; i++) {
            Kind kind = random.nextInt(4) == 0 ? Kind.RUN : random.nextBoolean() ? Kind.APPEND : Kind.DELIVER_HINT;
            steps.add(new Step(kind, random.nextInt(100), random.nextInt(100)));
        }
        return steps;
    }

    /** Plants each kind of fault at a random place of a history and sees the checker complain. */
    private static int plant(HistoryChecker checker, ReaderHistory history, Random random) {
        List<Integer> events = new ArrayList<>();
        for (int i = 0; i < history.told().size(); i++) {
            if (history.told().get(i) instanceof Told.Got) {
                events.add(i);
            }
        }
        if (events.size() < 2) {
            return 0;
        }
        int at = events.get(random.nextInt(events.size() - 1));
        int next = events.get(events.indexOf(at) + 1);
        Event event = ((Told.Got) history.told().get(at)).event();
        List<List<Told>> faults = new ArrayList<>();
        faults.add(changed(history, told -> told.remove(at)));
        faults.add(changed(history, told -> told.remove((int) events.getLast())));
        faults.add(changed(history, told -> told.add(at, told.get(at))));
        faults.add(changed(history, told -> told.set(at, told.set(next, told.get(at)))));
        faults.add(changed(
                history, told -> told.set(at, new Told.Got(as(event, new WorkspaceId("foreign"), event.audience())))));
        faults.add(changed(
                history, told -> told.set(at, new Told.Got(as(event, event.workspace(), Audience.member("else"))))));
        for (List<Told> told : faults) {
            ReaderHistory faulty =
                    new ReaderHistory(history.workspace(), history.member(), history.start(), history.trusted(), told);
            assertThatThrownBy(() -> checker.checkRightAndComplete(faulty))
                    .isInstanceOf(HistoryChecker.Violation.class);
        }
        return faults.size();
    }

    private interface Change {
        void apply(List<Told> told);
    }

    private static List<Told> changed(ReaderHistory history, Change change) {
        List<Told> told = new ArrayList<>(history.told());
        change.apply(told);
        return told;
    }

    private static Event as(Event event, WorkspaceId workspace, Audience audience) {
        return new Event(
                workspace, event.position(), event.id(), event.type(), audience, event.topic(), event.payload());
    }
}
