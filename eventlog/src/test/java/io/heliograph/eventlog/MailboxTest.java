package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final ManualTime executor = new ManualTime();
    private final List<String> ran = new ArrayList<>();
    private int more;
    private final Mailbox mailbox = new Mailbox(executor, () -> {
        ran.add("end");
        return more-- > 0;
    });

    @Test
    void aStepRunsWhatWasPostedInOrderAndThenItsEnd() {
        mailbox.post(() -> ran.add("a"));
        mailbox.post(() -> ran.add("b"));

        executor.settle();

        assertThat(ran).containsExactly("a", "b", "end");
    }

    @Test
    void aTaskPostedByATaskRunsInTheSameMailboxLater() {
        mailbox.post(() -> mailbox.post(() -> ran.add("inner")));

        executor.settle();

        assertThat(ran).containsExactly("inner", "end");
    }

    @Test
    void aTaskThatIsPostedAtTheEndOfAStepGetsAStepOfItsOwn() {
        List<String> order = new ArrayList<>();
        Mailbox[] self = new Mailbox[1];
        self[0] = new Mailbox(executor, () -> {
            order.add("end");
            if (order.size() == 2) {
                self[0].post(() -> order.add("late"));
            }
            return false;
        });
        self[0].post(() -> order.add("first"));

        executor.settle();

        assertThat(order).containsExactly("first", "end", "late", "end");
    }

    @Test
    void aStepThatHasMoreToDoIsFollowedByAnother() {
        more = 2;
        mailbox.post(() -> ran.add("a"));

        executor.settle();

        assertThat(ran).containsExactly("a", "end", "end", "end");
    }

    @Test
    void aStepIsBoundedSoThatOthersGetTheThread() {
        int[] count = {0};
        for (int i = 0; i < 5_000; i++) {
            mailbox.post(() -> count[0]++);
        }
        executor.execute(() -> ran.add("other after " + count[0]));

        executor.settle();

        assertThat(ran).startsWith("end", "other after 1024");
        assertThat(count[0]).isEqualTo(5_000);
    }

    @Test
    void whatATaskThrowsStopsNeitherTheOthersNorTheEndOfTheStep() {
        mailbox.post(() -> {
            throw new StackOverflowError("deep");
        });
        mailbox.post(() -> {
            throw new IllegalStateException("broken");
        });
        mailbox.post(() -> ran.add("after"));

        executor.settle();

        assertThat(ran).containsExactly("after", "end");
        mailbox.post(() -> ran.add("later"));
        executor.settle();
        assertThat(ran).endsWith("later", "end");
    }
}
