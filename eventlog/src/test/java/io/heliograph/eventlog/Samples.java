package io.heliograph.eventlog;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Small values for tests. */
final class Samples {
    static final WorkspaceId ACME = new WorkspaceId("ws_acme");
    static final WorkspaceId OTHER = new WorkspaceId("ws_other");

    private static final AtomicInteger IDS = new AtomicInteger();

    private Samples() {}

    /** Six characters that no other call returns. */
    static String nextId() {
        return Integer.toString(IDS.incrementAndGet() + 100_000);
    }

    /** An event for everyone whose envelope is its id and place: {@code evt_1@1}. */
    static Draft draft(String id) {
        return draft(id, Audience.EVERYONE);
    }

    static Draft draft(String id, Audience audience) {
        return new Draft(
                id,
                "approval:created",
                audience,
                Optional.empty(),
                position -> Payload.of((id + "@" + position.offset()).getBytes(StandardCharsets.UTF_8)));
    }

    static String text(Event event) {
        return new String(event.payload().bytes(), StandardCharsets.UTF_8);
    }
}
