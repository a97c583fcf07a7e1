package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.Transport;
import io.heliograph.socketio.SocketIoObserver;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    /** A callback that is added to the interface and not here would be lost on the way to the application's observer. */
    @Test
    void everyCallbackIsForwardedWithItsArguments() throws ReflectiveOperationException {
        List<String> calls = new ArrayList<>();
        SocketIoObserver observer = (SocketIoObserver) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SocketIoObserver.class}, (_, method, arguments) -> {
                    calls.add(call(method, arguments));
                    return null;
                });
        SessionCounter counter = new SessionCounter(observer);
        List<String> expected = new ArrayList<>();

        for (Method method : SocketIoObserver.class.getMethods()) {
            if (method.isDefault()) {
                Object[] arguments = Arrays.stream(method.getParameterTypes())
                        .map(SessionCounterTest::any)
                        .toArray();
                expected.add(call(method, arguments));
                method.invoke(counter, arguments);
            }
        }

        assertThat(calls).hasSizeGreaterThan(10).containsExactlyElementsOf(expected);
    }

    private static String call(Method method, Object @Nullable [] arguments) {
        return method.getName() + (arguments == null ? "[]" : Arrays.toString(arguments));
    }

    private static Object any(Class<?> type) {
        if (type.isEnum()) {
            return type.getEnumConstants()[1];
        }
        return switch (type.getSimpleName()) {
            case "int" -> 7;
            case "long" -> 8L;
            case "boolean" -> true;
            case "String" -> "text";
            case "Throwable" -> new IllegalStateException("thrown");
            default -> throw new IllegalArgumentException(type.getName());
        };
    }
}
