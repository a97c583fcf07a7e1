package io.heliograph.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdsTest {

    @Test
    void idsOfOneMillisecondSortInTheOrderInWhichTheyWereMade() {
        List<String> ids = IntStream.range(0, 1000)
                .mapToObj(_ -> Ids.next("apr", 1_772_366_400_000L))
                .toList();

        assertThat(ids).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void laterMillisecondsSortLater() {
        String earlier = Ids.next("apr", 1_772_366_400_000L);
        String later = Ids.next("apr", 1_772_366_400_001L);

        assertThat(earlier).isLessThan(later).matches("apr_[0-9a-hjkmnp-tv-z]{26}");
    }
}
