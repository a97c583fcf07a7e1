package io.heliograph.engineio;

import java.util.List;

/** What tests of this module look at in the one below: timers that are set. */
public final class LoopTimers {

    private LoopTimers() {}

    /** Timers of all these loops together. */
    public static int count(List<SessionLoop> loops) {
        return loops.stream().mapToInt(SessionLoop::timers).sum();
    }
}
