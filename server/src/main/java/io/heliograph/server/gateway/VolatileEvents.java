package io.heliograph.server.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.Subscription;
import io.heliograph.gateway.EventsGateway;
import io.heliograph.gateway.VolatileMessage;
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
 * Sends volatile events to the sockets and streams that are writable now, but not to those that are catching up. When the bus
 * delivers more than can be sent, the newest are dropped. Their only argument is an object: a stock client would take a
 * string for a cursor.
 *
 * <p>Safe from any thread. One dedicated thread sends them in order and may wait for busy event loops, so that the
 * bus's thread does not.
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
            boolean sent =
                    finals.sendBefore(event.workspace(), argument.path("messageId"), () -> send(event, argument));
            if (sent) {
                metrics.volatileSent();
            } else {
                metrics.volatileDropped();
            }
        } catch (JacksonException | IllegalArgumentException failure) {
            // A node of another version may send an unknown event. It may be dropped.
            LOG.warn(
                    "a volatile event could not be sent: {}", failure.getClass().getSimpleName());
        }
    }

    /** Streams get what other services publish; deltas of messages are for sockets only. */
    private void send(VolatileEvent event, JsonNode argument) {
        VolatileMessage message =
                new VolatileMessage(event.workspace(), event.audience(), event.topic(), event.type(), argument);
        gateway.sendVolatile(message);
        if (!event.type().startsWith("agent:")) {
            gateway.reads().sendVolatile(message, event.json().getBytes(UTF_8));
        }
    }

    @Override
    public void hint(Hint hint) {
        // Events are handled by the feeds.
    }

    @Override
    public void reconnected() {
        // Missed volatile events are not repeated.
    }

    @Override
    public void close() {
        subscription.close();
        sender.shutdownNow();
    }
}
