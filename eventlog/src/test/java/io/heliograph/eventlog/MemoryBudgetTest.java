package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final MemoryBudget memory = new MemoryBudget(400, 1_000);

    @Test
    void aFeedMayFillItsOwnWhileTheNodeIsWithinItsBound() {
        memory.opened();
        memory.opened();
        memory.opened();
        memory.add(1_000);

        assertThat(memory.allowance()).isEqualTo(400);
    }

    @Test
    void aboveTheNodesBoundEachFeedHasAnEqualShare() {
        for (int i = 0; i < 5; i++) {
            memory.opened();
        }
        memory.add(1_001);

        assertThat(memory.allowance()).isEqualTo(200);
        memory.closed();
        assertThat(memory.allowance()).isEqualTo(250);
    }

    @Test
    void aShareIsNeverMoreThanAFeedsOwnBound() {
        memory.opened();
        memory.add(1_001);

        assertThat(memory.allowance()).isEqualTo(400);
    }

    @Test
    void whatIsGivenBackCountsNoMore() {
        for (int i = 0; i < 5; i++) {
            memory.opened();
        }
        memory.add(1_500);
        memory.add(-500);

        assertThat(memory.used()).isEqualTo(1_000);
        assertThat(memory.allowance()).isEqualTo(400);
    }
}
