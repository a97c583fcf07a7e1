package io.heliograph.engineio;

import java.time.Clock;

/**
 * What the HTTP side needs of its server. Immutable; its parts are safe from any thread.
 *
 * @param path what the server keeps for itself
 * @param date the {@code Date} header
 */
record EngineContext(
        EngineIoSettings settings,
        String path,
        SessionListener listener,
        ConnectionAdmission admission,
        HandshakeGate gate,
        EngineObserver observer,
        ResponseHeaders responseHeaders,
        Clock clock,
        HttpDate date,
        SessionLoops loops,
        SessionTable sessions) {}
