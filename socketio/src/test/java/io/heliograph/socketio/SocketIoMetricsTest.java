package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.Transport;
import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a registry of Micrometer shows of a server. */
class SocketIoMetricsTest {

    private final List<String> passedOn = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SocketIoMetrics metrics = new SocketIoMetrics(new SocketIoObserver() {
        @Override
        public void callbackFailed(String namespace, String callback, Throwable failure) {
            passedOn.add(callback);
        }
    });

    @Test
    void socketsSessionsAndEventsAreCounted() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL, builder -> builder.observer(metrics))) {
            Connected ann = clients.connect();
            Connected bob = clients.connect();
            metrics.bindTo(registry);
            ann.socket().on("fail", (arguments, ack) -> {
                throw new IllegalStateException("as from application code");
            });

            ann.peer().send("2[\"fail\"]").send("0/unknown,");
            clients.main().emit("tick");
            bob.peer().send("1");

            assertThat(value("socketio.sockets")).isEqualTo(1);
            assertThat(value("socketio.sessions")).isEqualTo(2);
            assertThat(value("socketio.connects", "recovered", "false")).isEqualTo(2);
            assertThat(value("socketio.connects", "recovered", "true")).isZero();
            assertThat(value("socketio.connects.rejected")).isEqualTo(1);
            assertThat(value("socketio.disconnects", "reason", "client namespace disconnect"))
                    .isEqualTo(1);
            assertThat(value("socketio.sessions.opened", "transport", "websocket"))
                    .isEqualTo(2);
            assertThat(value("socketio.messages.received")).isEqualTo(5);
            assertThat(value("socketio.bytes.received")).isPositive();
            assertThat(value("socketio.bytes.sent")).isPositive();
            assertThat(value("socketio.broadcast.packets")).isEqualTo(1);
            assertThat(value("socketio.events")).isEqualTo(1);
            assertThat(value("socketio.callbacks.failed")).isEqualTo(1);
            assertThat(passedOn).containsExactly("a listener");

            ann.peer().send("x");
            clients.run();

            assertThat(value("socketio.packets.malformed")).isEqualTo(1);
            assertThat(value("socketio.disconnects", "reason", "parse error")).isEqualTo(1);
            assertThat(value("socketio.sessions.closed", "reason", "parse error"))
                    .isEqualTo(1);
            assertThat(value("socketio.sockets")).isZero();
        }
    }

    @Test
    void aSlowConsumerIsSeenByItsReason() {
        metrics.bindTo(registry);

        metrics.sessionOpened(Transport.POLLING);
        metrics.sessionUpgraded();
        metrics.sessionClosed(Transport.WEBSOCKET, CloseReason.SLOW_CONSUMER);
        metrics.callerWaited();

        assertThat(value("socketio.sessions.closed", "reason", "slow consumer")).isEqualTo(1);
        assertThat(value("socketio.sessions.upgraded")).isEqualTo(1);
        assertThat(value("socketio.sessions")).isZero();
        assertThat(value("socketio.callers.waited")).isEqualTo(1);
    }

    /** A callback that is added to the observer later must be counted or passed on here as well. */
    @Test
    void everyCallbackOfTheObserverIsTaken() {
        assertThat(Arrays.stream(SocketIoObserver.class.getMethods())
                        .filter(Method::isDefault)
                        .map(Method::getName))
                .isNotEmpty()
                .isSubsetOf(Arrays.stream(SocketIoMetrics.class.getDeclaredMethods())
                        .map(Method::getName)
                        .toList());
    }

    /** The first value of the one meter of that name and those tags. */
    private double value(String name, String... tags) {
        Meter meter = registry.get(name).tags(tags).meter();
        return meter.measure().iterator().next().getValue();
    }
}
