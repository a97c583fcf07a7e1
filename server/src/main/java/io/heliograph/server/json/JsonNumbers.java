package io.heliograph.server.json;

import java.math.BigDecimal;
import java.math.MathContext;

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
        if (value == 0) {
            return "0";
        }
        BigDecimal shortest = shortest(Math.abs(value));
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale(); // the value is 0.digits × 10^point
        return (value < 0 ? "-" : "") + layOut(digits, point);
    }

    private static boolean exponentTooLarge(String literal) {
        int start = Math.max(literal.indexOf('e'), literal.indexOf('E')) + 1;
        if (start == 0) {
            return false;
        }
        String exponent = literal.substring(start).replaceFirst("^[+-]?0*", "");
        return exponent.length() > 4 || (!exponent.isEmpty() && Integer.parseInt(exponent) > MAX_EXPONENT);
    }

    private static String layOut(String digits, int point) {
        if (point > 21 || point <= -6) {
            int exponent = point - 1;
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
        }
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        if (point >= digits.length()) {
            return digits + "0".repeat(point - digits.length());
        }
        return digits.substring(0, point) + "." + digits.substring(point);
    }

    /**
     * Double.toString gives the shortest digits too, but never fewer than two: the smallest double is 4.9E-324 there
     * and 5e-324 in ECMAScript.
     */
    private static BigDecimal shortest(double value) {
        BigDecimal two = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (two.precision() == 2) {
            BigDecimal one = two.round(new MathContext(1)).stripTrailingZeros();
            if (one.doubleValue() == value) {
                return one;
            }
        }
        return two;
    }
}
