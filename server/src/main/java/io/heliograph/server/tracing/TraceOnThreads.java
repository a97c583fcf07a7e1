package io.heliograph.server.tracing;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import reactor.core.publisher.Hooks;

/**
 * Propagates the trace in a request's Reactor context to the threads that work for the request, because controllers run
 * on threads that the framework chooses. It has no reference to a server, so that all servers of a process share it.
 * Immutable.
 */
final class TraceOnThreads implements ThreadLocalAccessor<Context> {
    static final String KEY = TraceOnThreads.class.getName();

    /** Takes effect for the rest of the process. Idempotent. */
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
    @SuppressWarnings("MustBeClosedChecker") // the caller that sets a value restores the previous one
    public void setValue(Context context) {
        ContextStorage.get().attach(context);
    }

    @Override
    public void setValue() {
        setValue(Context.root());
    }
}
