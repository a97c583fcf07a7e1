package io.heliograph.engineio;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session: its states, its carrier, and the move from one carrier to another.
 *
 * <p>All state belongs to the session's loop.
 */
final class EngineSession implements Session, BatchTarget, UpgradeAttempt.Target, PollingRequests.Owner {

    private static final System.Logger LOG = System.getLogger(EngineSession.class.getName());

    private enum State {
        OPEN,
        /** The layer above knows that it is over; a polling peer may still fetch the last packets. */
        CLOSED
    }

    private final SessionContext context;
    private final SessionLoop loop;
    private final String id;
    private final Handshake handshake;

    // Written by the loop only; the accessors read them from any thread.
    private volatile State state = State.OPEN;
    private volatile Transport transport;
    private volatile long receivedNanos;

    // Owned by the loop.
    private final Heartbeat heartbeat;
    private final PollingRequests requests = new PollingRequests(this);
    private Carrier carrier;
    private @Nullable SessionHandler handler;
    private @Nullable UpgradeAttempt attempt;
    private @Nullable Batch batch;
    private SessionLoop.@Nullable Timeout forgetTimeout;
    private boolean upgraded;
    private boolean reading = true;
    private boolean forgotten;
    // Set by a close packet, a malformed packet or the end of the stream: no more packets are processed, and the
    // session ends
    // after the replies to earlier packets are written.
    private boolean inputEnded;

    EngineSession(SessionContext context, SessionLoop loop, String id, Handshake handshake, Transport transport) {
        this.context = context;
        this.loop = loop;
        this.id = id;
        this.handshake = handshake;
        this.transport = transport;
        this.receivedNanos = loop.nanoTime();
        this.carrier = transport == Transport.POLLING
                ? new PollingCarrier(this)
                : new WebSocketCarrier(this, context.settings().maxPayload());
        this.heartbeat = new Heartbeat(loop, context.settings(), this::ping, () -> end(CloseReason.PING_TIMEOUT));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Handshake handshake() {
        return handshake;
    }

    @Override
    public SessionLoop loop() {
        return loop;
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public boolean open() {
        return state == State.OPEN;
    }

    @Override
    public Duration silence() {
        return Duration.ofNanos(Math.max(0, loop.nanoTime() - receivedNanos));
    }

    @Override
    public void send(Message message) {
        loop.awaitCapacity();
        loop.execute(() -> deliver(message));
    }

    @Override
    public void deliver(Message message) {
        loop.deliver(this, message);
    }

    @Override
    public void close(CloseReason reason) {
        afterReplies(() -> end(reason));
    }

    @Override
    public CompletionStage<Boolean> drained() {
        CompletableFuture<Boolean> drained = new CompletableFuture<>();
        afterReplies(() -> {
            if (state == State.OPEN) {
                carrier.whenDrained(() -> drained.complete(state == State.OPEN));
            } else {
                drained.complete(false);
            }
        });
        return drained;
    }

    @Override
    public boolean writable() {
        return state == State.OPEN && carrier.writable();
    }

    @Override
    public long queuedBytes() {
        return carrier.queuedBytes();
    }

    @Override
    public void reading(boolean reading) {
        if (state != State.OPEN || this.reading == reading) {
            return;
        }
        this.reading = reading;
        heartbeat.reading(reading);
        carrier.reading(reading);
    }

    /** Id and transport. The id is secret, so it is cut short. */
    @Override
    public String toString() {
        return "Session[" + id.substring(0, 4) + "…, " + transport.wireName() + ", " + state + "]";
    }

    @Override
    public Carrier carrier() {
        return carrier;
    }

    @Override
    public boolean forgotten() {
        return forgotten;
    }

    @Override
    public boolean inputEnded() {
        return inputEnded;
    }

    @Override
    public Duration closeTimeout() {
        return context.settings().closeTimeout();
    }

    @Override
    public @Nullable Batch batch() {
        return batch;
    }

    @Override
    public void batch(Batch batch) {
        this.batch = batch;
    }

    /** Sends the open packet and notifies the listener, unless the server has been closed since the handshake. */
    void start(SessionListener listener) {
        if (state != State.OPEN) {
            return;
        }
        carrier.send(openPacket());
        heartbeat.start();
        try {
            context.observer().sessionOpened(transport);
            handler = listener.onOpen(this);
        } catch (RuntimeException | Error failure) {
            failed(failure);
        }
    }

    /** A peer that is too far behind already loses its session, and so does one to which writing fails. */
    @Override
    public long flushBatch() {
        Batch ready = batch;
        batch = null;
        if (ready == null || state != State.OPEN) {
            return 0;
        }
        try {
            long waiting = carrier.queuedBytes();
            if (waiting > 0 && waiting + ready.bytes() > context.settings().maxOutboundBytes()) {
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

    @Override
    public void receive(Packet packet) {
        assert loop.inLoop();
        if (state != State.OPEN) {
            receiveAfterEnd(packet);
            return;
        }
        if (inputEnded) {
            return;
        }
        receivedNanos = loop.nanoTime();
        try {
            if (!(packet instanceof Packet.Pong)) {
                heartbeat.packet();
            }
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
            case Packet.Pong ignored -> heartbeat.pong();
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

    @Override
    public void afterReplies(Runnable task) {
        loop.execute(() -> {
            flushBatch();
            task.run();
        });
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same object is meant
    public void carrierGone(Carrier gone, CloseReason reason) {
        if (gone == carrier) {
            end(reason);
        }
    }

    /** The GETs and POSTs of this session. */
    PollingRequests requests() {
        return requests;
    }

    /** Whether a WebSocket may try to take over. */
    boolean upgradable() {
        return state == State.OPEN && !upgraded && attempt == null && carrier instanceof PollingCarrier;
    }

    void beginUpgrade(WebSocketCarrier candidate) {
        UpgradeAttempt begun =
                new UpgradeAttempt(this, candidate, loop, context.settings().upgradeTimeout());
        candidate.receiver(begun);
        attempt = begun;
    }

    @Override
    public void attemptEnded(WebSocketCarrier candidate) {
        candidate.receiver(this);
        attempt = null;
    }

    @Override
    public void releasePoll() {
        if (carrier instanceof PollingCarrier polling) {
            polling.releasePoll();
        }
    }

    @Override
    public void upgradeTo(WebSocketCarrier webSocket) {
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
        context.observer().sessionUpgraded();
    }

    /** The peer had its time to fetch the last packets. */
    void cut() {
        end(CloseReason.SERVER_SHUTTING_DOWN);
        forget();
    }

    @Override
    public void forget() {
        if (!forgotten) {
            forgotten = true;
            heartbeat.stop();
            SessionLoop.Timeout timeout = forgetTimeout;
            if (timeout != null) {
                timeout.cancel();
            }
            failAttempt();
            context.forgotten().accept(id);
        }
    }

    @Override
    public void forgetLater(Duration timeout) {
        if (!forgotten) {
            forgetTimeout = loop.schedule(timeout, this::forget);
        }
    }

    private void ping() {
        try {
            carrier.send(Message.PING);
        } catch (RuntimeException | Error failure) {
            failed(failure);
        }
    }

    /**
     * Something that belongs to this session alone has thrown: it is logged and ends this session, whose state is
     * unknown from then on. Never throws.
     */
    private void failed(Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, "a session failed and is closed", failure);
        Guarded.run("closing a session that failed", () -> end(CloseReason.TRANSPORT_ERROR));
    }

    private void deliver(int bytes, Consumer<SessionHandler> call) {
        context.observer().received(bytes);
        call.accept(requireNonNull(handler));
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
        heartbeat.stop();
        // Each step by itself: one that throws must not keep the others from running.
        Guarded.run("closing a session's connection", () -> {
            if (attempt != null && !(attempt.probed() && PollingCarrier.lingers(reason))) {
                failAttempt();
            }
            carrier.close(reason);
        });
        Guarded.run("an observer", () -> context.observer().sessionClosed(transport, reason));
        SessionHandler told = handler;
        if (told != null) {
            Guarded.run("a session's onClose", () -> told.onClose(reason));
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
        EngineIoSettings settings = context.settings();
        return Message.packet("0{\"sid\":\"" + id + "\",\"upgrades\":["
                + (settings.upgradable(transport) ? "\"websocket\"" : "")
                + "],\"pingInterval\":" + settings.pingInterval().toMillis()
                + ",\"pingTimeout\":" + settings.pingTimeout().toMillis()
                + ",\"maxPayload\":" + settings.maxPayload() + "}");
    }
}
