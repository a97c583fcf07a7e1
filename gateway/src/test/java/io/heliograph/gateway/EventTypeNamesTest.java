package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTypeNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"order:shipped", "a:b", "shop.eu-1:order.paid_v2", "approvals:created"})
    void eventsCanHaveIt(String type) {
        assertThat(EventTypeNames.fault(type)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "order",
                "order:",
                ":shipped",
                "Order:shipped",
                "order:Shipped",
                "order shipped:x",
                "a:b:c",
                "order:shipped\n"
            })
    void itIsNotOfTheShape(String type) {
        assertThat(EventTypeNames.fault(type)).get().asString().startsWith("must be family:name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"approval:created", "topics:watch", "stop:changed", "presence:x"})
    void theFamilyIsTaken(String type) {
        assertThat(EventTypeNames.fault(type)).get().asString().startsWith("must not be of the family");
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65})
    void theLengthHasABound(int length) {
        assertThat(EventTypeNames.fault("a:" + "b".repeat(length - 2)).isEmpty())
                .isEqualTo(length == 64);
    }
}
