package io.heliograph.server.json;

import java.io.IOException;
import java.math.BigDecimal;
import org.erdtman.jcs.NumberToJSON;

/**
 * Decides which JSON numbers every reader keeps exactly, and writes them.
 *
 * <p>Most readers hold a number as an IEEE 754 double, and so does RFC 8785, by which actions are digested. A number is
 * exact when it is what its double prints: {@code 0.1}, {@code 1E5} and {@code 295147905179352830000} are, {@code
 * 9007199254740993} (its double prints 9007199254740992), {@code 1e400} and {@code 1e-400} are not. Pure; safe from any
 * thread.
 *
 * <p>Source: RFC 8785 section 3.2.2.3; ECMA-262, Number::toString.
 */
public final class JsonNumbers {
    /** The end of a sentence that names the number, and the fix. */
    public static final String NOT_EXACT = "which a double (IEEE 754) does not keep exactly; send it as text";

    private static final int MAX_LENGTH = 1000;
    private static final int MAX_EXPONENT = 1000;

    private JsonNumbers() {}

    /**
     * Whether the number that {@code literal} writes is kept exactly. {@code -0} is not: its sign is lost. The cost is
     * bounded by the literal's length, whatever its exponent is.
     */
    static boolean isExact(String literal) {
        if (literal.length() > MAX_LENGTH || exponentTooLarge(literal)) {
            return false;
        }
        BigDecimal value = new BigDecimal(literal);
        return isExact(value) && !(value.signum() == 0 && literal.startsWith("-"));
    }

    /** Whether the value is what its double prints. */
    public static boolean isExact(BigDecimal value) {
        double number = value.doubleValue();
        if (number == 0 || !Double.isFinite(number)) {
            return value.signum() == 0;
        }
        return new BigDecimal(format(number)).compareTo(value) == 0;
    }

    /** The fewest digits that read back as the same double, as ECMAScript writes them. */
    public static String format(double value) {
        try {
            return NumberToJSON.serializeNumber(value);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a finite number", e);
        }
    }

    private static boolean exponentTooLarge(String literal) {
        int start = Math.max(literal.indexOf('e'), literal.indexOf('E')) + 1;
        if (start == 0) {
            return false;
        }
        String exponent = literal.substring(start).replaceFirst("^[+-]?0*", "");
        return exponent.length() > 4 || (!exponent.isEmpty() && Integer.parseInt(exponent) > MAX_EXPONENT);
    }
}
