package io.heliograph.engineio;

import java.time.Duration;

/**
 * A WebSocket that a polling session may move to.
 *
 * <p>The peer probes it ({@code 2probe}, answered {@code 3probe}), ends its polling, and sends {@code 5}. During
 * the attempt a waiting GET is answered with a noop every 100 ms, because the peer may have sent another GET before it saw
 * the probe's answer. Any other packet, or none within the upgrade timeout, ends the attempt; the session goes on polling.
 *
 * <p>After the probe's answer a stock client no longer polls. If the WebSocket closed before the client's {@code 5}, the client
 * would notice only at its ping timeout. Therefore a session that ends during the attempt keeps the attempt open until the
 * peer has fetched the remaining packets over either transport.
 *
 * <p>Threading: owned by the session's loop. Source: engine.io-protocol v4, "Upgrade".
 */
final class UpgradeAttempt extends TimerWheel.Entry implements PacketReceiver {

    /** The session that may move. */
    interface Target {

        /** Answers a GET that waits with a noop. */
        void releasePoll();

        /** The attempt is over; what {@code candidate} receives from now on is the session's. */
        void attemptEnded(WebSocketCarrier candidate);

        /** Moves to {@code webSocket}, with everything that still waits, in order; when the session is over, that is the last of it. */
        void upgradeTo(WebSocketCarrier webSocket);
    }

    private static final Duration RELEASE_INTERVAL = Duration.ofMillis(100);

    private final Target session;
    private final WebSocketCarrier carrier;
    private final SessionLoop loop;
    private final SessionLoop.Timeout timeout;
    private boolean probed;

    UpgradeAttempt(Target session, WebSocketCarrier carrier, SessionLoop loop, Duration upgradeTimeout) {
        this.session = session;
        this.carrier = carrier;
        this.loop = loop;
        this.timeout = loop.schedule(upgradeTimeout, this::fail);
    }

    /** Whether the peer may have given up polling for it. */
    boolean probed() {
        return probed;
    }

    @Override
    public void receive(Packet packet) {
        switch (packet) {
            case Packet.Ping ping
            when ping.probe() -> {
                probed = true;
                carrier.send(Message.PROBE_ANSWER);
                session.releasePoll();
                loop.schedule(this, RELEASE_INTERVAL);
            }
            case Packet.Upgrade upgrade -> {
                stop();
                session.upgradeTo(carrier);
            }
            case Packet.Ping ignored -> fail();
            case Packet.Pong ignored -> fail();
            case Packet.Close ignored -> fail();
            case Packet.Text ignored -> fail();
            case Packet.Binary ignored -> fail();
            case Packet.Ignored ignored -> fail();
            case Packet.Malformed ignored -> fail();
        }
    }

    @Override
    public void carrierGone(Carrier gone, CloseReason reason) {
        fail();
    }

    /** Gives up the WebSocket, not the session. */
    void fail() {
        stop();
        carrier.close(WebSocketFrames.NO_CODE, "");
    }

    @Override
    void expire() {
        session.releasePoll();
        loop.schedule(this, RELEASE_INTERVAL);
    }

    private void stop() {
        timeout.cancel();
        loop.cancel(this);
        session.attemptEnded(carrier);
    }
}
