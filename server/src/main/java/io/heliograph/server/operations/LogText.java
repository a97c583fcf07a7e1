package io.heliograph.server.operations;

/** Escapes text so that a log entry stays on one line. */
final class LogText {
    private LogText() {}

    /**
     * Writes characters that end a line, move the cursor or change the direction of text as {@code \\u000A}, and leaves
     * all others as they are.
     */
    static String escape(String text) {
        int first = firstUnsafe(text);
        if (first == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int at = first; at < text.length(); at++) {
            char character = text.charAt(at);
            if (isUnsafe(character)) {
                escaped.append("\\u%04X".formatted((int) character));
            } else {
                escaped.append(character);
            }
        }
        return escaped.toString();
    }

    private static int firstUnsafe(String text) {
        int at = 0;
        while (at < text.length() && !isUnsafe(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isUnsafe(char character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                character != '\t';
            default -> false;
        };
    }
}
