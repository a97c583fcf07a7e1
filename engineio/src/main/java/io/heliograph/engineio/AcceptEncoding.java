package io.heliograph.engineio;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The codings that an {@code Accept-Encoding} header takes. Immutable.
 *
 * <p>Source: RFC 9110 section 12.5.3.
 */
final class AcceptEncoding {
    private final Map<String, Double> weights;

    private AcceptEncoding(Map<String, Double> weights) {
        this.weights = weights;
    }

    static AcceptEncoding parse(String header) {
        Map<String, Double> weights = new HashMap<>();
        for (String offer : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = offer.split(";", 2);
            if (!parts[0].isBlank()) {
                weights.put(parts[0].strip(), parts.length == 1 ? 1.0 : weight(parts[1].strip()));
            }
        }
        return new AcceptEncoding(weights);
    }

    /** Whether a response may have this coding; {@code identity} may always be used unless it is excluded. */
    boolean takes(String coding) {
        double unnamed = weights.getOrDefault("*", coding.equals("identity") ? 1.0 : 0.0);
        return weights.getOrDefault(coding, unnamed) > 0;
    }

    /** The first that it takes; {@code null} when it takes none of them. */
    @Nullable
    String firstOf(String... codings) {
        for (String coding : codings) {
            if (takes(coding)) {
                return coding;
            }
        }
        return null;
    }

    /** Of {@code q=0.5}; what cannot be read is taken for 0: nothing is sent that was not asked for. */
    private static double weight(String parameter) {
        return parameter.matches("q\\s*=\\s*(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")
                ? Double.parseDouble(
                        parameter.substring(parameter.indexOf('=') + 1).strip())
                : 0;
    }
}
