package io.heliograph.engineio;

/** Accepts new sessions. Supplied by the layer above. */
@FunctionalInterface
public interface SessionListener {

    /**
     * A session was opened; its open packet is sent before anything that is sent from here on.
     *
     * @return who receives what the session sends. Called on the session's loop, once per session; must not block.
     */
    SessionHandler onOpen(Session session);
}
