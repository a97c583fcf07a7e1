package io.heliograph.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Writes pages and streams of events around the stored envelopes, which are copied unchanged.
 *
 * <pre>
 * a page    {"data":[ENVELOPE,…],"nextCursor":"CURSOR","asOf":"CURSOR"}
 * a stream  id: CURSOR \n event: TYPE \n data: ENVELOPE \n \n
 *           id: CURSOR \n \n                                          no visible event, but a later position
 *           event: TYPE \n data: OBJECT \n \n                        a volatile event, which moves nothing
 *           : \n \n                                                   still here
 *           id: CURSOR \n event: reset \n data: {"reason":…} \n \n    reload your lists and continue from here
 *           event: end \n data: {"code":…} \n \n                      the credential ended
 * </pre>
 *
 * <p>An envelope has no line breaks, so it is one {@code data} line. Source: WHATWG HTML, "Server-sent events".
 */
public final class SseEncoder {
    private SseEncoder() {}

    /** A page of the log, as a plain GET and a long poll answer it. */
    public static byte[] page(List<Event> events, Cursor cursor) {
        ByteArrayOutputStream page = new ByteArrayOutputStream(size(events) + 128);
        ascii(page, "{\"data\":[");
        for (int index = 0; index < events.size(); index++) {
            if (index > 0) {
                page.write(',');
            }
            page.writeBytes(events.get(index).payload().bytes());
        }
        ascii(page, "],\"nextCursor\":\"" + cursor + "\",\"asOf\":\"" + cursor + "\"}");
        return page.toByteArray();
    }

    /** Events as messages of a stream; the last one's id is {@code cursor}, which may be past it. */
    static byte[] messages(List<Event> events, Cursor cursor) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream(size(events) + 64 * events.size() + 64);
        for (Event event : events) {
            ascii(stream, "id: " + event.cursor() + "\nevent: " + event.type() + "\ndata: ");
            stream.writeBytes(event.payload().bytes());
            ascii(stream, "\n\n");
        }
        if (events.isEmpty() || !events.getLast().cursor().equals(cursor)) {
            stream.writeBytes(position(cursor));
        }
        return stream.toByteArray();
    }

    /** Moves the reader's {@code Last-Event-ID} without an event. */
    static byte[] position(Cursor cursor) {
        return ("id: " + cursor + "\n\n").getBytes(US_ASCII);
    }

    /** The first thing in a stream: how long to wait before connecting again. */
    static byte[] retry(long millis) {
        return ("retry: " + millis + "\n\n").getBytes(US_ASCII);
    }

    static byte[] volatileMessage(String type, byte[] json) {
        ByteArrayOutputStream message = new ByteArrayOutputStream(json.length + 64);
        ascii(message, "event: " + type + "\ndata: ");
        message.writeBytes(json);
        ascii(message, "\n\n");
        return message.toByteArray();
    }

    static byte[] keepAlive() {
        return ":\n\n".getBytes(US_ASCII);
    }

    static byte[] reset(String reason, Cursor head) {
        return ("id: " + head + "\nevent: reset\ndata: {\"reason\":\"" + reason + "\",\"cursor\":\"" + head + "\"}\n\n")
                .getBytes(US_ASCII);
    }

    static byte[] end(String code) {
        return ("event: end\ndata: {\"code\":\"" + code + "\"}\n\n").getBytes(US_ASCII);
    }

    private static int size(List<Event> events) {
        return events.stream().mapToInt(event -> event.payload().length() + 1).sum();
    }

    private static void ascii(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(US_ASCII));
    }
}
