package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;

/**
 * A GET or POST of a polling session, as the session sees it: something that is answered once.
 *
 * <p>Threading: safe from any thread; the first answer wins.
 */
interface PollingRequest {

    /** Answers with the protocol's error object. */
    void refuse(ProtocolError error);

    /** Answers a POST. */
    void respondOk();

    /**
     * Answers a GET; takes over the payload.
     *
     * @param written runs on the loop of the request's channel when the kernel has it, or when it cannot be sent
     */
    void respondPayload(ByteBuf payload, boolean compressible, Runnable written);
}
