package io.heliograph.server.web;

import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.errors.UnicodeText;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/**
 * Finds the handler method of a request, and rejects a query that the method does not declare: a name without a {@link
 * RequestParam} in exactly that spelling, a name given twice, a value that is blank. Otherwise a misspelt filter would
 * silently widen a list. Text in the path and in the query must satisfy {@link UnicodeText}. This applies only under
 * {@code /v1}: probes and scrapers of {@code /health} and {@code /metrics} may add other parameters.
 */
final class QueryMapping extends RequestMappingHandlerMapping {
    /** Names by method. Grows to the number of methods. */
    private final Map<Method, List<String>> declared = new ConcurrentHashMap<>();

    @Override
    protected void handleMatch(RequestMappingInfo info, HandlerMethod handler, ServerWebExchange exchange) {
        super.handleMatch(info, handler, exchange);
        boolean api = info.getPatternsCondition().getPatterns().stream()
                .anyMatch(pattern -> pattern.getPatternString().startsWith("/v1"));
        if (api) {
            EncodedText.checkPath(
                    exchange.getRequest().getURI().getRawPath(),
                    exchange.getAttributeOrDefault(URI_TEMPLATE_VARIABLES_ATTRIBUTE, Map.of()));
            EncodedText.checkQuery(exchange.getRequest().getURI().getRawQuery());
            check(exchange.getRequest().getQueryParams(), declared(handler));
        }
    }

    private static void check(Map<String, List<String>> query, List<String> names) {
        query.forEach((name, values) -> {
            if (!names.contains(name)) {
                throw new InvalidFieldException(
                        name,
                        names.isEmpty()
                                ? "is not a query parameter here; this call takes none"
                                : "is not a query parameter here; there are: " + String.join(", ", names));
            }
            Fields.check(values.size() == 1, name, "is given more than once; give it once");
            String value = values.getFirst();
            Fields.check(value != null && !value.isBlank(), name, "must not be blank; leave it out instead");
        });
    }

    private List<String> declared(HandlerMethod handler) {
        return declared.computeIfAbsent(
                handler.getMethod(),
                _ -> Arrays.stream(handler.getMethodParameters())
                        .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                        .map(QueryMapping::name)
                        .toList());
    }

    private static String name(MethodParameter parameter) {
        RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
        return annotation == null || annotation.name().isEmpty()
                ? String.valueOf(parameter.getParameter().getName())
                : annotation.name();
    }
}
