package io.heliograph.spring;

import io.heliograph.gateway.ClientSocket;
import io.heliograph.gateway.InvalidMessageException;
import io.heliograph.gateway.Principal;
import io.heliograph.gateway.SocketCommand;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs a {@link SocketEvent} method. Immutable; safe from any thread. */
final class SocketEventMethod implements SocketCommand {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final Supplier<Object> bean;
    private final Method method;
    private final JsonMapper json;

    /** @throws HeliographStartException when the method has parameters that cannot be given */
    SocketEventMethod(String event, Supplier<Object> bean, Method method, JsonMapper json) {
        this.bean = bean;
        this.method = method;
        this.json = json;
        long arguments = 0;
        for (Class<?> type : method.getParameterTypes()) {
            arguments += isGiven(type) ? 0 : 1;
        }
        if (arguments > 1) {
            throw new HeliographStartException(
                    "@SocketEvent(\"" + event + "\") " + method + " has " + arguments
                            + " parameters for the client's one argument",
                    "Put them into one record; besides it there may be a Principal and a ClientSocket.");
        }
    }

    private static boolean isGiven(Class<?> type) {
        return type == Principal.class || type == ClientSocket.class;
    }

    @Override
    public Map<String, Object> run(ClientSocket socket, JsonNode argument) {
        @Nullable Object[] values = new Object[method.getParameterCount()];
        Class<?>[] types = method.getParameterTypes();
        Type[] generic = method.getGenericParameterTypes();
        for (int i = 0; i < values.length; i++) {
            values[i] = types[i] == Principal.class
                    ? socket.principal()
                    : types[i] == ClientSocket.class ? socket : read(argument, generic[i]);
        }
        return acknowledgement(invoke(values));
    }

    private @Nullable Object read(JsonNode argument, Type type) {
        try {
            return json.treeToValue(argument, json.constructType(type));
        } catch (DatabindException failure) {
            throw new InvalidMessageException(path(failure), "is not what it must be, or is missing");
        } catch (JacksonException failure) {
            throw new InvalidMessageException(InvalidMessageException.WHOLE, "is not what it must be");
        }
    }

    /** Such as {@code lines[1].article}. */
    private static String path(DatabindException failure) {
        String path = failure.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining());
        return path.isEmpty() ? InvalidMessageException.WHOLE : path.startsWith(".") ? path.substring(1) : path;
    }

    private @Nullable Object invoke(@Nullable Object[] values) {
        Object target = bean.get();
        try {
            Method invocable = AopUtils.selectInvocableMethod(method, target.getClass());
            invocable.setAccessible(true);
            return invocable.invoke(target, values);
        } catch (InvocationTargetException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new UndeclaredThrowableException(cause);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(method + " cannot be called", impossible);
        }
    }

    private Map<String, Object> acknowledgement(@Nullable Object result) {
        return result == null ? Map.of("ok", true) : json.convertValue(result, OBJECT);
    }
}
