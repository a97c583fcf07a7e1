package io.heliograph.server.tracing;

import io.heliograph.server.events.Traces;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Traces events to the sockets. An envelope carries the id of its trace but not of a span, so this node keeps the spans
 * of its latest events. When another node delivers, or the span is no longer kept, the delivery has a parent span that
 * was not recorded. Safe from any thread.
 */
final class EventTraces implements Traces {
    private static final int REMEMBERED = 4096;

    private final Tracer tracer;

    /** Trace id to the id of the span that made its event. Guarded by itself. */
    private final Map<String, String> makers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    EventTraces(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public boolean on() {
        return true;
    }

    @Override
    public Optional<String> current() {
        TraceContext context = tracer.currentTraceContext().context();
        if (context == null || !Boolean.TRUE.equals(context.sampled())) {
            return Optional.empty();
        }
        synchronized (makers) {
            makers.put(context.traceId(), context.spanId());
        }
        return Optional.of(context.traceId());
    }

    @Override
    public void delivered(String traceId, String type, Instant committed) {
        TraceContext maker = tracer.traceContextBuilder()
                .traceId(traceId)
                .spanId(maker(traceId))
                .sampled(true)
                .build();
        tracer.spanBuilder()
                .setParent(maker)
                .kind(Span.Kind.CONSUMER)
                .name("deliver")
                .tag("heliograph.event", type)
                .startTimestamp(committed.toEpochMilli(), TimeUnit.MILLISECONDS)
                .start()
                .end();
    }

    private String maker(String traceId) {
        synchronized (makers) {
            return makers.getOrDefault(traceId, traceId.substring(16));
        }
    }
}
