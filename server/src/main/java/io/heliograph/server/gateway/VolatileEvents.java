package io.heliograph.server.gateway;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.Subscription;
import io.heliograph.gateway.EventsGateway;
import io.heliograph.server.events.VolatileEvent;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends volatile events to the sockets that can take them right now. One that is catching up gets none, nor does one
 * whose connection is full; and when the bus brings more than can be sent, the newest are dropped. Their only argument is
 * an object, never a string: a stock client would take that for a cursor.
 *
 * <p>Safe from any thread. They are sent one after the other on a thread of their own, which may wait for event loops
 * that have much to do; the bus's thread does not.
 */
final class VolatileEvents implements Bus.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VolatileEvents.class);
    private static final int MAX_WAITING = 1_024;

    private final EventsGateway gateway;
    private final FinalMessages finals;
    private final JsonMapper json;
    private final GatewayMetrics metrics;
    private final ThreadPoolExecutor sender;
    private final Subscription subscription;

    VolatileEvents(Bus bus, EventsGateway gateway, FinalMessages finals, JsonMapper json, GatewayMetrics metrics) {
        this.gateway = gateway;
        this.finals = finals;
        this.json = json;
        this.metrics = metrics;
        this.sender = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofVirtual().name("volatile-events").factory(),
                (_, _) -> metrics.volatileDropped());
        this.subscription = bus.subscribe(this);
    }

    @Override
    public void signal(Signal signal) {
        VolatileEvent.of(signal).ifPresent(event -> sender.execute(() -> send(event)));
    }

    private void send(VolatileEvent event) {
        try {
            JsonNode argument = json.readTree(event.json());
            boolean sent = finals.sendBefore(
                    event.workspace(),
                    argument.path("messageId"),
                    () -> gateway.sendVolatile(event.workspace(), event.topic(), event.type(), argument));
            if (sent) {
                metrics.volatileSent();
            } else {
                metrics.volatileDropped();
            }
        } catch (JacksonException | IllegalArgumentException failure) {
            // Another node's build may send what this one does not know. It is volatile.
            LOG.warn(
                    "a volatile event could not be sent: {}", failure.getClass().getSimpleName());
        }
    }

    @Override
    public void hint(Hint hint) {
        // The feeds'.
    }

    @Override
    public void reconnected() {
        // What was missed meanwhile is missed.
    }

    @Override
    public void close() {
        subscription.close();
        sender.shutdownNow();
    }
}
