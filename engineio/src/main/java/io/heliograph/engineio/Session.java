package io.heliograph.engineio;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One Engine.IO connection, whatever transport carries it now.
 *
 * <p>Threading: {@link #send}, {@link #close}, {@link #drained} and the accessors are safe from any thread; calls made by
 * one thread take effect in the order in which they were made. All state belongs to the session's loop.
 *
 * <p>Source: engine.io-protocol v4, "Handshake", "Heartbeat", "Upgrade".
 */
public final class Session extends TimerWheel.Entry {

    private static final System.Logger LOG = System.getLogger(Session.class.getName());

    private enum State {
        OPEN,
        /** The layer above knows that it is over; a polling peer may still fetch the last packets. */
        CLOSED
    }

    private final EngineIoServer server;
    private final SessionLoop loop;
    private final String id;
    private final Handshake handshake;

    // Written by the loop only; the accessors read them from any thread.
    private volatile State state = State.OPEN;
    private volatile Transport transport;

    // Owned by the loop.
    private Carrier carrier;
    private @Nullable SessionHandler handler;
    private @Nullable UpgradeAttempt attempt;
    private @Nullable Batch batch;
    private boolean upgraded;
    private boolean awaitingPong;
    private boolean reading = true;
    private boolean timeoutExtended;
    private boolean forgotten;
    // The peer ended or broke its input; the session ends behind the replies to what came before.
    private boolean inputEnded;

    Session(EngineIoServer server, SessionLoop loop, String id, Handshake handshake, Transport transport) {
        this.server = server;
        this.loop = loop;
        this.id = id;
        this.handshake = handshake;
        this.transport = transport;
        this.carrier = transport == Transport.POLLING
                ? new PollingCarrier(this)
                : new WebSocketCarrier(this, server.settings().maxPayload());
    }

    /** Unguessable, and secret between this peer and the server: whoever knows it can act as the peer. */
    public String id() {
        return id;
    }

    public Handshake handshake() {
        return handshake;
    }

    /** The loop that owns this session. */
    public SessionLoop loop() {
        return loop;
    }

    /** What carries it now. */
    public Transport transport() {
        return transport;
    }

    public boolean open() {
        return state == State.OPEN;
    }

    /** Sends a message after everything this thread has sent before. Without effect when the session has ended. */
    public void send(Message message) {
        loop.awaitCapacity();
        loop.execute(() -> loop.deliver(this, message));
    }

    /** Ends the session after everything this thread has sent before. Harmless when it has ended. */
    public void close(CloseReason reason) {
        loop.execute(() -> {
            flushBatch();
            end(reason);
        });
    }

    /**
     * Completes on the loop when everything that this thread has sent before has been taken by the kernel or by a polling
     * response: the moment to send the next page. {@code false} when the session has ended instead.
     */
    public CompletionStage<Boolean> drained() {
        CompletableFuture<Boolean> drained = new CompletableFuture<>();
        loop.execute(() -> {
            flushBatch();
            if (state == State.OPEN) {
                carrier.whenDrained(() -> drained.complete(state == State.OPEN));
            } else {
                drained.complete(false);
            }
        });
        return drained;
    }

    /** Whether a message that may be lost is worth sending now. Only on the loop. */
    public boolean writable() {
        return state == State.OPEN && carrier.writable();
    }

    /** Bytes that wait for the peer. Only on the loop. */
    public long queuedBytes() {
        return carrier.queuedBytes();
    }

    /** Stops taking input from the peer, or goes on; bounds what a slow consumer of messages must hold. Only on the loop. */
    public void reading(boolean reading) {
        if (state != State.OPEN || this.reading == reading) {
            return;
        }
        this.reading = reading;
        if (reading && awaitingPong) {
            // The pong may be among what is read only now.
            loop.schedule(this, server.settings().pingTimeout());
        }
        carrier.reading(reading);
    }

    /** Id and transport. The id is secret, so it is cut short. */
    @Override
    public String toString() {
        return "Session[" + id.substring(0, 4) + "…, " + transport.wireName() + ", " + state + "]";
    }

    Carrier carrier() {
        return carrier;
    }

    Duration closeTimeout() {
        return server.settings().closeTimeout();
    }

    @Nullable
    Batch batch() {
        return batch;
    }

    void batch(Batch batch) {
        this.batch = batch;
    }

    /** Sends the open packet and lets the layer above begin, unless the server was closed meanwhile. */
    void start(SessionListener listener) {
        if (state != State.OPEN) {
            return;
        }
        carrier.send(openPacket());
        loop.schedule(this, server.settings().pingInterval());
        try {
            server.observer().sessionOpened(transport);
            handler = listener.onOpen(this);
        } catch (RuntimeException | Error failure) {
            failed(failure);
        }
    }

    /**
     * Writes this turn's batch and returns its bytes. A peer that is too far behind already loses its session, and so does
     * one to which writing fails; never throws.
     */
    long flushBatch() {
        Batch ready = batch;
        batch = null;
        if (ready == null || state != State.OPEN) {
            return 0;
        }
        try {
            long waiting = carrier.queuedBytes();
            if (waiting > 0 && waiting + ready.bytes() > server.settings().maxOutboundBytes()) {
                end(CloseReason.SLOW_CONSUMER);
                return 0;
            }
            carrier.send(ready);
            return ready.bytes();
        } catch (RuntimeException | Error failure) {
            failed(failure);
            return 0;
        }
    }

    /** Takes a packet from the session's own carrier. What the layer above throws ends the session. */
    void receive(Packet packet) {
        assert loop.inLoop();
        if (state != State.OPEN) {
            receiveAfterEnd(packet);
            return;
        }
        if (inputEnded) {
            return;
        }
        try {
            extendTimeout(packet);
            handle(packet);
        } catch (RuntimeException | Error failure) {
            failed(failure);
        }
    }

    private void handle(Packet packet) {
        switch (packet) {
            case Packet.Text text -> deliver(text.payload().length, handler -> handler.onText(text.payload()));
            case Packet.Binary binary ->
                deliver(binary.payload().length, handler -> handler.onBinary(binary.payload()));
            case Packet.Pong ignored -> pong();
            case Packet.Close ignored -> endInput(this::closedByPeer);
            // Only the server pings. Source: engine.io-protocol v4, "Heartbeat".
            case Packet.Ping ignored -> endInput(() -> end(CloseReason.TRANSPORT_ERROR));
            case Packet.Malformed ignored -> endInput(() -> end(CloseReason.PARSE_ERROR));
            case Packet.Upgrade ignored -> {}
            case Packet.Ignored ignored -> {}
        }
    }

    /** Takes no more packets; {@code end} runs behind the replies to those that came before. */
    private void endInput(Runnable end) {
        inputEnded = true;
        afterReplies(end);
    }

    /**
     * Runs {@code task} behind everything that the layer above has sent so far in this turn. The end of a connection goes
     * this way, so that a message which came in the same read is still answered.
     */
    void afterReplies(Runnable task) {
        loop.execute(() -> {
            flushBatch();
            task.run();
        });
    }

    /** The carrier's connection ended or broke its protocol. */
    void carrierGone(Carrier gone, CloseReason reason) {
        if (gone == carrier) {
            end(reason);
        }
    }

    /** A GET of this session. */
    void poll(Exchange exchange) {
        if (forgotten || !(carrier instanceof PollingCarrier polling)) {
            exchange.refuse(forgotten ? ProtocolError.UNKNOWN_SID : ProtocolError.BAD_REQUEST);
        } else if (!polling.poll(exchange)) {
            end(CloseReason.TRANSPORT_ERROR);
            exchange.refuse(ProtocolError.BAD_REQUEST);
        }
    }

    /** The head of a POST of this session. A peer that does not know yet that it is over is not to lose its last packets. */
    void beginPost(Exchange exchange) {
        if (forgotten || !(carrier instanceof PollingCarrier polling)) {
            exchange.refuse(forgotten ? ProtocolError.UNKNOWN_SID : ProtocolError.BAD_REQUEST);
        } else if (!polling.beginPost(exchange)) {
            end(CloseReason.TRANSPORT_ERROR);
            exchange.refuse(ProtocolError.BAD_REQUEST);
        }
    }

    /** The whole body of a POST that had begun. */
    void endPost(Exchange exchange, byte[] body) {
        if (!(carrier instanceof PollingCarrier polling) || !polling.isPost(exchange)) {
            return;
        }
        Payload.decode(body, packet -> {
            receive(packet);
            return !forgotten && !inputEnded;
        });
        if (inputEnded && state == State.OPEN) {
            afterReplies(() -> answerPost(polling, exchange));
        } else {
            answerPost(polling, exchange);
        }
    }

    private static void answerPost(PollingCarrier polling, Exchange exchange) {
        if (polling.isPost(exchange)) {
            polling.endPost(exchange);
        }
    }

    /** A POST that had begun was refused for what followed; the session goes on. */
    void cancelPost(Exchange exchange) {
        if (carrier instanceof PollingCarrier polling) {
            polling.abort(exchange);
        }
    }

    /** The connection of a request was closed before its answer. */
    void abort(Exchange exchange) {
        if (carrier instanceof PollingCarrier polling && polling.abort(exchange)) {
            end(CloseReason.TRANSPORT_ERROR);
        }
    }

    /** Whether a WebSocket may try to take over. */
    boolean upgradable() {
        return state == State.OPEN && !upgraded && attempt == null && carrier instanceof PollingCarrier;
    }

    void beginUpgrade(WebSocketCarrier candidate) {
        UpgradeAttempt begun =
                new UpgradeAttempt(this, candidate, server.settings().upgradeTimeout());
        candidate.attempt(begun);
        attempt = begun;
    }

    void attemptEnded(UpgradeAttempt ended) {
        if (attempt == ended) {
            attempt = null;
        }
    }

    void releasePoll() {
        if (carrier instanceof PollingCarrier polling) {
            polling.releasePoll();
        }
    }

    /** Moves to the WebSocket, with everything that still waits, in order; when the session is over, that is the last of it. */
    void upgradeTo(WebSocketCarrier webSocket) {
        if (forgotten || !(carrier instanceof PollingCarrier polling)) {
            webSocket.close(WebSocketFrames.NO_CODE, "");
            return;
        }
        if (state != State.OPEN) {
            polling.handOver().forEach(webSocket::send);
            webSocket.close(WebSocketFrames.NO_CODE, "", this::forget);
            return;
        }
        upgraded = true;
        carrier = webSocket;
        transport = Transport.WEBSOCKET;
        polling.handOver().forEach(webSocket::send);
        polling.handOverDrainTasks().forEach(webSocket::whenDrained);
        webSocket.reading(reading);
        server.observer().sessionUpgraded();
    }

    /** The peer had its time to fetch the last packets. */
    void cut() {
        end(CloseReason.SERVER_SHUTTING_DOWN);
        forget();
    }

    /** Lets the session table go; from now on the id is unknown. */
    void forget() {
        if (!forgotten) {
            forgotten = true;
            loop.cancel(this);
            failAttempt();
            server.forget(this);
        }
    }

    /** As {@link #forget}, when the peer has not fetched the last packets within {@code timeout}. */
    void forgetLater(Duration timeout) {
        if (!forgotten) {
            loop.schedule(this, timeout);
        }
    }

    /** A ping is due, or its pong overdue, or the last packets were never fetched. */
    @Override
    void expire() {
        try {
            if (state == State.CLOSED) {
                forget();
            } else if (awaitingPong && reading) {
                end(CloseReason.PING_TIMEOUT);
            } else if (awaitingPong) {
                // A peer that is not read cannot be heard: that we are busy is not its silence.
                loop.schedule(this, server.settings().pingTimeout());
            } else {
                awaitingPong = true;
                timeoutExtended = false;
                loop.schedule(this, server.settings().pingTimeout());
                carrier.send(Message.PING);
            }
        } catch (RuntimeException | Error failure) {
            failed(failure);
        }
    }

    /**
     * Something that belongs to this session alone has thrown: it is logged and costs this session, because nobody knows
     * what state it was left in. Never throws.
     */
    private void failed(Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, "a session failed and is closed", failure);
        SessionLoop.guarded("closing a session that failed", () -> end(CloseReason.TRANSPORT_ERROR));
    }

    private void deliver(int bytes, Consumer<SessionHandler> call) {
        server.observer().received(bytes);
        call.accept(requireNonNull(handler));
    }

    private void pong() {
        awaitingPong = false;
        loop.schedule(this, server.settings().pingInterval());
    }

    /** A packet in transit when the ping was sent shows life too; it extends the wait once, as in Node. */
    private void extendTimeout(Packet packet) {
        if (awaitingPong && !timeoutExtended && !(packet instanceof Packet.Pong)) {
            timeoutExtended = true;
            loop.schedule(this, server.settings().pingTimeout());
        }
    }

    private void closedByPeer() {
        if (state != State.OPEN) {
            forget();
            return;
        }
        if (carrier instanceof PollingCarrier polling && !polling.releasePoll()) {
            polling.expectLastPoll();
        }
        end(CloseReason.TRANSPORT_CLOSE);
    }

    private void end(CloseReason reason) {
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSED;
        batch = null;
        loop.cancel(this);
        // Each step by itself: whoever throws must not keep the others from learning that the session is over.
        SessionLoop.guarded("closing a session's connection", () -> {
            if (attempt != null && !(attempt.probed() && PollingCarrier.lingers(reason))) {
                failAttempt();
            }
            carrier.close(reason);
        });
        SessionLoop.guarded("an observer", () -> server.observer().sessionClosed(transport, reason));
        SessionHandler told = handler;
        if (told != null) {
            SessionLoop.guarded("a session's onClose", () -> told.onClose(reason));
        }
    }

    private void failAttempt() {
        UpgradeAttempt underWay = attempt;
        if (underWay != null) {
            underWay.fail();
        }
    }

    private void receiveAfterEnd(Packet packet) {
        if (packet instanceof Packet.Close) {
            forget();
        }
    }

    private Message openPacket() {
        EngineIoSettings settings = server.settings();
        return Message.packet("0{\"sid\":\"" + id + "\",\"upgrades\":["
                + (settings.upgradable(transport) ? "\"websocket\"" : "")
                + "],\"pingInterval\":" + settings.pingInterval().toMillis()
                + ",\"pingTimeout\":" + settings.pingTimeout().toMillis()
                + ",\"maxPayload\":" + settings.maxPayload() + "}");
    }
}
