package io.heliograph.server.approvals;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The regular expressions of an argsSchema, run by RE2: the time of a match is linear in the text. What RE2 cannot do
 * (backreferences, lookaround) and what compiles to a large program is refused. No message contains a pattern.
 *
 * <p>A match that would take long sets the thread's interrupt flag and answers {@code false}, which ends the run in the
 * same way as its time limit does ({@link ArgsSchema}). The validator logs what a match throws, together with the
 * pattern, so a match throws nothing.
 *
 * <p>Safe from any thread. Source: <a href="https://github.com/google/re2/wiki/Syntax">RE2's syntax</a>.
 */
final class Patterns implements RegularExpressionFactory {
    static final int MAX_LENGTH = 1_000;
    /** Instructions of a compiled pattern: {@code x{1,1000}} has 2,001. */
    static final int MAX_PROGRAM = 4_000;
    /** Instructions times characters of one match, for about 0.3 s. */
    private static final long MAX_MATCH_STEPS = 10_000_000;

    private static final int MAX_REPEAT = 1_000;

    /** The pattern cannot be used; the message says why and does not contain it. */
    static final class UnusablePattern extends IllegalArgumentException {
        UnusablePattern(String reason) {
            super(reason);
        }
    }

    @Override
    public RegularExpression getRegularExpression(String regex) {
        Pattern pattern = compile(regex);
        return text -> matches(pattern, text);
    }

    /** Why a pattern cannot be used; empty when it can. */
    static Optional<String> fault(String regex) {
        try {
            compile(regex);
            return Optional.empty();
        } catch (UnusablePattern fault) {
            return Optional.of(String.valueOf(fault.getMessage()));
        }
    }

    private static boolean matches(Pattern pattern, String text) {
        if ((long) pattern.programSize() * text.length() > MAX_MATCH_STEPS) {
            Thread.currentThread().interrupt();
        }
        return !Thread.currentThread().isInterrupted() && pattern.matcher(text).find();
    }

    private static Pattern compile(String regex) {
        if (regex.length() > MAX_LENGTH) {
            throw new UnusablePattern("is longer than " + MAX_LENGTH + " characters");
        }
        // RE2/J itself compiles (a{1000}){1000} into a million instructions.
        if (programSize(regex) > MAX_PROGRAM) {
            throw tooLarge();
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException fault) {
            throw new UnusablePattern("is not a regular expression of RE2 (" + fault.getDescription()
                    + "); RE2 has no backreferences, no lookaround and no \\u escapes");
        }
        if (pattern.programSize() > MAX_PROGRAM) {
            throw tooLarge();
        }
        return pattern;
    }

    private static UnusablePattern tooLarge() {
        return new UnusablePattern(
                "is too large when its counted repeats are written out: it has more than " + MAX_PROGRAM + " steps");
    }

    /**
     * Estimates the program size of a pattern before it is compiled: a counted repeat multiplies its operand. Syntax
     * errors are left to the compiler.
     */
    static long programSize(String regex) {
        return new Scan(regex).size();
    }

    /** One pass over a pattern. Used by one call. */
    private static final class Scan {
        private static final int LARGE = 1_000_000;

        private final String regex;
        private int at;
        /** For each open group, the size of what stands before it. */
        private final Deque<Long> open = new ArrayDeque<>();
        /** Of the current group, without its last atom. */
        private long before;

        private long atom;

        Scan(String regex) {
            this.regex = regex;
        }

        long size() {
            while (at < regex.length()) {
                char next = regex.charAt(at);
                switch (next) {
                    case '\\' -> escape();
                    case '[' -> charClass();
                    case '(' -> open();
                    case ')' -> close();
                    case '{' -> repeat();
                    case '*', '+', '?' -> {
                        atom++;
                        at++;
                    }
                    default -> one(1);
                }
            }
            while (!open.isEmpty()) {
                close();
            }
            return before + atom;
        }

        private void one(int characters) {
            at += characters;
            before = bounded(before + atom);
            atom = 1;
        }

        private void escape() {
            char kind = at + 1 < regex.length() ? regex.charAt(at + 1) : ' ';
            if (kind == 'Q') {
                int end = regex.indexOf("\\E", at);
                int literal = (end < 0 ? regex.length() : end + 2) - at;
                one(literal);
                before = bounded(before + literal);
                return;
            }
            boolean braced = (kind == 'p' || kind == 'P' || kind == 'x')
                    && at + 2 < regex.length()
                    && regex.charAt(at + 2) == '{';
            int end = braced ? regex.indexOf('}', at) : -1;
            one(end < 0 ? 2 : end + 1 - at);
        }

        /** A class ends at its first bracket that is not its first character, escaped, or the end of a name. */
        private void charClass() {
            int position = at + 1;
            if (position < regex.length() && regex.charAt(position) == '^') {
                position++;
            }
            boolean first = true;
            while (position < regex.length() && (first || regex.charAt(position) != ']')) {
                int name = regex.startsWith("[:", position) ? regex.indexOf(":]", position) : -1;
                if (name >= 0) {
                    position = name + 2;
                } else {
                    position += regex.charAt(position) == '\\' ? 2 : 1;
                }
                first = false;
            }
            one(Math.min(position + 1, regex.length()) - at);
        }

        private void open() {
            open.push(bounded(before + atom));
            before = 0;
            atom = 0;
            at++;
        }

        private void close() {
            long group = bounded(before + atom + 2);
            before = open.isEmpty() ? 0 : open.pop();
            atom = group;
            at++;
        }

        private void repeat() {
            int end = regex.indexOf('}', at);
            String[] counts =
                    end < 0 ? new String[0] : regex.substring(at + 1, end).split(",", -1);
            if (counts.length == 0 || counts.length > 2 || !isCount(counts[0])) {
                one(1);
                return;
            }
            long min = Math.min(Integer.parseInt(counts[0]), MAX_REPEAT);
            boolean upTo = counts.length == 2 && isCount(counts[1]);
            long max = upTo ? Math.min(Integer.parseInt(counts[1]), MAX_REPEAT) : min;
            // Each optional repetition takes one more instruction.
            atom = bounded(atom * Math.max(1, Math.max(min, max)) + Math.max(0, max - min) + 1);
            at = end + 1;
        }

        private static boolean isCount(String text) {
            return !text.isEmpty()
                    && text.length() <= 9
                    && text.chars().allMatch(character -> character >= '0' && character <= '9');
        }

        private static long bounded(long size) {
            return Math.min(size, LARGE);
        }
    }
}
