package io.heliograph.server.tracing;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import reactor.core.publisher.Hooks;

/**
 * Carries the trace in a request's Reactor context onto whatever thread works for the request: controllers block, and run
 * on threads that the framework picks. Knows no server, so that all servers of a process share it. Immutable.
 */
final class TraceOnThreads implements ThreadLocalAccessor<Context> {
    static final String KEY = TraceOnThreads.class.getName();

    /** From now on, for the life of the process; again is the same as once. */
    static void enable() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new TraceOnThreads());
        Hooks.enableAutomaticContextPropagation();
    }

    @Override
    public Object key() {
        return KEY;
    }

    @Override
    public Context getValue() {
        return Context.current();
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // whoever sets a value sets the one before again
    public void setValue(Context context) {
        ContextStorage.get().attach(context);
    }

    @Override
    public void setValue() {
        setValue(Context.root());
    }
}
