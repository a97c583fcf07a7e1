package io.heliograph.engineio;

/** Takes new sessions. Supplied by the layer above. */
@FunctionalInterface
public interface SessionListener {

    /**
     * A session was opened; its open packet is on the way, so that whatever is sent now follows it.
     *
     * @return who receives what the session sends. Called on the session's loop, once per session; must not block.
     */
    SessionHandler onOpen(Session session);
}
