package io.heliograph.eventlog;

import org.jspecify.annotations.Nullable;

/** An event and what was made of it, once somebody needed that. Owned by its feed. */
final class CachedEvent<P> {
    private static final long OVERHEAD = 200;

    private final Event event;
    private @Nullable P encoded;

    /** Offset of the next event with the same conflation key; 0 when there is none yet. */
    private long successor;

    CachedEvent(Event event) {
        this.event = event;
    }

    Event event() {
        return event;
    }

    long successor() {
        return successor;
    }

    void succeededBy(Event next) {
        successor = next.offset();
    }

    /** Bytes of memory held, about: the payload, the objects around it, and the encoded value. */
    long bytes(EventEncoder<P> encoder) {
        return OVERHEAD + event.payload().length() + (encoded == null ? 0 : encoder.bytes(encoded));
    }

    P encoded(EventEncoder<P> encoder) {
        P value = encoded;
        if (value == null) {
            value = encoder.encode(event);
            encoded = value;
        }
        return value;
    }

    void release(EventEncoder<P> encoder) {
        if (encoded != null) {
            encoder.release(encoded);
            encoded = null;
        }
    }
}
