package io.heliograph.engineio;

import java.util.Map;

/**
 * Headers that an application adds to the answers to a session's requests: the events {@code initial_headers} and {@code
 * headers} of Node's server.
 *
 * <p>Shape: names to values, as HTTP allows them; an empty map adds nothing. The server's own headers win, except {@code
 * Set-Cookie}, which is sent beside that of {@link EngineIoSettings#cookie()}. Refused handshakes have no session, and get
 * none of them.
 *
 * <p>Threading: called on the loop of the request's connection, which may be another one than the session's; must not
 * block. When a method throws, or a name or value is not valid, that is logged and the answer goes out without them.
 *
 * <p>Source: Node's engine.io, events {@code initial_headers} and {@code headers}.
 */
public interface ResponseHeaders {

    /** Headers of the handshake's answer: the first polling response, or the 101 of a session that begins as WebSocket. */
    default Map<String, String> initial(Session session) {
        return Map.of();
    }

    /** Headers of every answer: the handshake's, those to the session's GETs and POSTs, and the 101 of its upgrade. */
    default Map<String, String> every(Session session) {
        return Map.of();
    }

    /** Adds nothing. */
    static ResponseHeaders none() {
        return new ResponseHeaders() {};
    }
}
