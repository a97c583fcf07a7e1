package io.heliograph.server.web;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The codings that the {@code Accept-Encoding} headers of a request take. Immutable.
 *
 * <p>Source: RFC 9110 section 12.5.3.
 */
public final class AcceptEncoding {
    private final Map<String, Double> weights;

    private AcceptEncoding(Map<String, Double> weights) {
        this.weights = weights;
    }

    /** Reads the values of the header, in their order. */
    public static AcceptEncoding parse(List<String> headers) {
        Map<String, Double> weights = new HashMap<>();
        for (String offer : String.join(",", headers).toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = offer.split(";", 2);
            if (!parts[0].isBlank()) {
                weights.put(parts[0].strip(), parts.length == 1 ? 1.0 : weight(parts[1].strip()));
            }
        }
        return new AcceptEncoding(weights);
    }

    /** Whether gzip is accepted with at least the weight of the identity coding. */
    public boolean prefersGzip() {
        double gzip = weights.getOrDefault("gzip", weights.getOrDefault("*", 0.0));
        double identity = weights.getOrDefault("identity", weights.getOrDefault("*", 0.0));
        return gzip > 0 && gzip >= identity;
    }

    /** Of {@code q=0.5}; a malformed weight counts as 0, so that no unrequested coding is sent. */
    private static double weight(String parameter) {
        return parameter.matches("q\\s*=\\s*(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")
                ? Double.parseDouble(
                        parameter.substring(parameter.indexOf('=') + 1).strip())
                : 0;
    }
}
