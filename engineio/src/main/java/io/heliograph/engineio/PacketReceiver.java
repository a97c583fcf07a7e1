package io.heliograph.engineio;

/**
 * Takes what a carrier receives: the session, or the attempt to upgrade one.
 *
 * <p>Threading: called on the session's loop.
 */
interface PacketReceiver {

    /** A packet of the peer. What the layer above throws for it ends the session, and is not thrown here. */
    void receive(Packet packet);

    /** The carrier's connection has ended, or its peer broke the carrier's own protocol. */
    void carrierGone(Carrier carrier, CloseReason reason);
}
