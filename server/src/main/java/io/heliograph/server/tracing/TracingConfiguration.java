package io.heliograph.server.tracing;

import io.heliograph.server.events.Traces;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Wires tracing; without an endpoint it creates no beans. */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

    @Bean
    Traces traces(ObjectProvider<Tracer> tracer) {
        return tracer.stream().<Traces>map(EventTraces::new).findAny().orElse(Traces.OFF);
    }

    /** Spring Boot's support; {@code heliograph.properties} hands our settings on to it. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(EndpointIsSet.class)
    @ImportAutoConfiguration({
        OpenTelemetrySdkAutoConfiguration.class,
        OpenTelemetryTracingAutoConfiguration.class,
        OtlpTracingAutoConfiguration.class
    })
    static class Exported {

        @Bean
        CommandTraceFilter commandTraceFilter(Tracer tracer, Propagator propagator) {
            TraceOnThreads.enable();
            return new CommandTraceFilter(tracer, propagator);
        }
    }

    static final class EndpointIsSet implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment()
                    .getProperty("heliograph.tracing.endpoint", "")
                    .isBlank();
        }
    }
}
