package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.Transport;
import io.heliograph.socketio.SocketIoObserver;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

class SessionCounterTest {

    @Test
    void countsTheSessionsThatAreOpen() {
        SessionCounter counter = new SessionCounter(SocketIoObserver.none());

        counter.sessionOpened(Transport.POLLING);
        counter.sessionOpened(Transport.WEBSOCKET);
        counter.sessionClosed(Transport.WEBSOCKET, CloseReason.TRANSPORT_CLOSE);

        assertThat(counter.count()).isEqualTo(1);
    }

    /** One that is added to the interface and not here would be lost on the way to the application's observer. */
    @Test
    void passesOnEverythingThatAnObserverIsTold() {
        for (Method method : SocketIoObserver.class.getMethods()) {
            if (method.isDefault()) {
                assertThat(SessionCounter.class.getDeclaredMethods())
                        .as(method.getName())
                        .anyMatch(own -> own.getName().equals(method.getName()));
            }
        }
    }
}
