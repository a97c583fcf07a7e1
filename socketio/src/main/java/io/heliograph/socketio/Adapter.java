package io.heliograph.socketio;

/**
 * Connects this server with the others of its cluster: a port that carries opaque messages.
 *
 * <p>With one, whatever is done to rooms ({@code emit}, {@code emitWithAck}, {@code fetchSockets}, {@code socketsJoin},
 * {@code socketsLeave}, {@code disconnectSockets}) reaches the sockets of all nodes, unless it is {@code local()}; and {@link
 * Namespace#serverSideEmit} reaches the other servers. An implementation is a few lines on any publish-subscribe system:
 * every node subscribes to one channel and drops what it has published itself.
 *
 * <p>Delivery is as good as the carrier's: what it loses is not sent again. Prepared events are for the sockets of one node.
 * The application that creates an adapter closes it. Source: Node's {@code Adapter}, {@code ClusterAdapter}.
 */
public interface Adapter {

    /** Called once, when the server is built; messages may be handed over from then on. */
    void start(Receiver receiver);

    /**
     * Carries a message to every other node, not to this one. Called on any thread, event loops included: it must not block.
     * Messages of one thread must arrive in their order.
     *
     * @param message MessagePack; handed over
     */
    void publish(byte[] message);

    /** How many other nodes there are now. A request waits for that many answers. */
    int otherNodes();

    /** Takes what other nodes have published; safe from any thread. Listeners of server-side events run within it. */
    @FunctionalInterface
    interface Receiver {
        /** Takes one message, which is handed over. */
        void received(byte[] message);
    }
}
