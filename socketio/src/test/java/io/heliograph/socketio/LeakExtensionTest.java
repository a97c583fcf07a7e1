package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.container;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The leak detector is on in every test class without being asked for, and a lost buffer fails the class. */
class LeakExtensionTest {

    @Test
    void aClassThatLosesABufferFails() {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .enableImplicitConfigurationParameters(true)
                .selectors(selectClass(PlantedTestCase.class))
                .execute();

        assertThat(results.allEvents().failed().list())
                .as("%s", results.allEvents().list())
                .isNotEmpty();
        results.containerEvents()
                .assertThatEvents()
                .haveAtLeastOne(org.assertj.core.api.Assertions.allOf(
                        container(PlantedTestCase.class),
                        finishedWithFailure(message(text -> text.contains("buffers that were never released")))));
    }

    @Test
    void theDetectorIsParanoid() {
        assertThat(io.netty.util.ResourceLeakDetector.getLevel())
                .isEqualTo(io.netty.util.ResourceLeakDetector.Level.PARANOID);
    }

    static class PlantedTestCase {
        @Test
        void losesABuffer() {
            lose();
        }
    }

    @SuppressWarnings("CheckReturnValue")
    private static void lose() {
        ByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    }
}
