package io.heliograph.engineio;

import java.time.Duration;

/**
 * Pings the peer and reports when no pong arrives in time.
 *
 * <p>A packet that was in transit when the ping was sent extends the timeout once, as in Node. While the session does not
 * read from the peer, the timeout does not run, because a pong could not be seen.
 *
 * <p>Threading: owned by the session's loop. Source: engine.io-protocol v4, "Heartbeat".
 */
final class Heartbeat extends TimerWheel.Entry {

    private final SessionLoop loop;
    private final Duration interval;
    private final Duration timeout;
    private final Runnable ping;
    private final Runnable timedOut;
    private boolean awaitingPong;
    private boolean extended;
    private boolean reading = true;

    Heartbeat(SessionLoop loop, EngineIoSettings settings, Runnable ping, Runnable timedOut) {
        this.loop = loop;
        this.interval = settings.pingInterval();
        this.timeout = settings.pingTimeout();
        this.ping = ping;
        this.timedOut = timedOut;
    }

    void start() {
        loop.schedule(this, interval);
    }

    void stop() {
        loop.cancel(this);
    }

    /** A packet other than a pong came. */
    void packet() {
        if (awaitingPong && !extended) {
            extended = true;
            loop.schedule(this, timeout);
        }
    }

    void pong() {
        awaitingPong = false;
        loop.schedule(this, interval);
    }

    /** Whether the peer is read now. The pong may be among what is read only from now on. */
    void reading(boolean reading) {
        this.reading = reading;
        if (reading && awaitingPong) {
            loop.schedule(this, timeout);
        }
    }

    @Override
    void expire() {
        if (awaitingPong && reading) {
            timedOut.run();
            return;
        }
        loop.schedule(this, timeout);
        if (!awaitingPong) {
            awaitingPong = true;
            extended = false;
            ping.run();
        }
    }
}
