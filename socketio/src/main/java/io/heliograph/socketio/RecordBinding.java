package io.heliograph.socketio;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Makes a record of an event's arguments, one for each component. Immutable. */
final class RecordBinding<R extends Record> {

    private final Constructor<R> constructor;
    private final RecordComponent[] components;

    private RecordBinding(Constructor<R> constructor, RecordComponent[] components) {
        this.constructor = constructor;
        this.components = components;
    }

    static <R extends Record> RecordBinding<R> of(Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw new IllegalArgumentException(type.getName() + " is not a record, expected one");
        }
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return new RecordBinding<>(constructor, components);
        } catch (NoSuchMethodException | InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    "the constructor of " + type.getName() + " cannot be called; open its package to this library", e);
        }
    }

    R bind(Arguments arguments) {
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments.get(i, components[i].getGenericType());
        }
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            // The record's own check, as when it is bound as one argument.
            throw new ArgumentMismatchException("the arguments do not fit "
                    + constructor.getDeclaringClass().getSimpleName());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
