package io.heliograph.engineio;

/**
 * What happens within one session. Supplied by the layer above.
 *
 * <p>Threading: called on the session's loop only, never after {@link #onClose}; must not block. Arrays are handed over.
 */
public interface SessionHandler {

    /** A text message came, without Engine.IO's own type byte; valid UTF-8. */
    void onText(byte[] utf8);

    /** A binary message came. */
    void onBinary(byte[] bytes);

    /** The session ended; called once. Sending has no effect any more. */
    void onClose(CloseReason reason);
}
