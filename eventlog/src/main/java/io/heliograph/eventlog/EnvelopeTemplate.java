package io.heliograph.eventlog;

/**
 * What the envelopes of several events have in common: JSON text with a mark wherever they differ.
 *
 * <p>Shape: UTF-8 JSON in which byte 1 stands for the event's id, byte 2 for its offset, and bytes 3 to 8 for the first to
 * the sixth value of the event. JSON contains none of these bytes otherwise. The values are JSON
 * too; the id is placed as it is, so the template has the quotes around it. One value may stand in several places.
 *
 * <p>Immutable. A template is equal to itself only: events share one when it is the same object.
 */
public final class EnvelopeTemplate {
    /** In the place of the event's id, without quotes. */
    public static final String ID = "\u0001";

    /** In the place of the event's offset. */
    public static final String OFFSET = "\u0002";

    /** How many values an event can have. */
    public static final int MAX_VALUES = 6;

    private static final int FIRST_MARK = 1;
    private static final int FIRST_VALUE = 3;
    private static final int LAST_MARK = FIRST_VALUE + MAX_VALUES - 1;

    private final byte[] text;
    private final int values;

    /** How often each mark is in the text. */
    private final int[] uses = new int[LAST_MARK];

    /**
     * The bytes must not be written to any more.
     *
     * @throws IllegalArgumentException when there is no mark in the text
     */
    public EnvelopeTemplate(byte[] text) {
        int last = 0;
        for (byte at : text) {
            if (isMark(at)) {
                uses[at - FIRST_MARK]++;
                last = Math.max(last, at);
            }
        }
        if (last == 0) {
            throw new IllegalArgumentException("a template has a mark where an event's value goes");
        }
        this.text = text;
        this.values = Math.max(0, last - FIRST_VALUE + 1);
    }

    /** What stands in the place of an event's own value. */
    public static String value(int index) {
        if (index < 0 || index >= MAX_VALUES) {
            throw new IllegalArgumentException("an event has at most " + MAX_VALUES + " values, not " + (index + 1));
        }
        return String.valueOf((char) (FIRST_VALUE + index));
    }

    /** Whether the text is a template, and not an envelope: no envelope has a mark. */
    static boolean isTemplate(byte[] text) {
        for (byte at : text) {
            if (isMark(at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMark(byte at) {
        return at >= FIRST_MARK && at <= LAST_MARK;
    }

    byte[] text() {
        return text;
    }

    /** How many values each event has. */
    int values() {
        return values;
    }

    /** Bytes of the envelope with what goes in the places of the marks: the id, the offset, and the event's values. */
    int length(byte[][] placed) {
        int length = text.length;
        for (int i = 0; i < placed.length; i++) {
            length += uses[i] * (placed[i].length - 1);
        }
        return length;
    }

    byte[] compose(byte[][] placed, int length) {
        byte[] envelope = new byte[length];
        int end = 0;
        for (byte at : text) {
            if (isMark(at)) {
                byte[] value = placed[at - FIRST_MARK];
                System.arraycopy(value, 0, envelope, end, value.length);
                end += value.length;
            } else {
                envelope[end++] = at;
            }
        }
        return envelope;
    }

    @Override
    public String toString() {
        return "EnvelopeTemplate[" + text.length + " bytes, " + values + " values]";
    }
}
