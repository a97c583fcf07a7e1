package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadLimiterTest {
    /** Tasks that were started and not run: as reads that are under way. */
    private final List<Runnable> started = new ArrayList<>();

    private final List<String> ran = new ArrayList<>();
    private final ReadLimiter limiter = new ReadLimiter(2, started::add);

    private void end(int index) {
        started.remove(index).run();
    }

    @Test
    void noMoreThanItsNumberRunAtOnce() {
        for (int i = 0; i < 5; i++) {
            limiter.run(() -> ran.add("read"));
        }

        assertThat(started).hasSize(2);
        end(0);
        assertThat(started).hasSize(2);
    }

    @Test
    void thoseThatWaitRunInTheirOrder() {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            limiter.run(() -> ran.add(name));
        }
        while (!started.isEmpty()) {
            end(0);
        }

        assertThat(ran).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void aPlaceIsFreeAgainWhenNobodyWaits() {
        limiter.run(() -> ran.add("a"));
        limiter.run(() -> ran.add("b"));
        end(0);
        end(0);

        limiter.run(() -> ran.add("c"));
        limiter.run(() -> ran.add("d"));

        assertThat(started).hasSize(2);
    }

    @Test
    void aReadThatThrowsGivesItsPlaceBack() {
        limiter.run(() -> {
            throw new IllegalStateException("broken");
        });
        limiter.run(() -> ran.add("b"));
        limiter.run(() -> ran.add("c"));

        try {
            end(0);
        } catch (IllegalStateException expected) {
            ran.add(expected.getMessage());
        }

        assertThat(started).hasSize(2);
        end(0);
        end(0);
        assertThat(ran).containsExactly("broken", "b", "c");
    }
}
