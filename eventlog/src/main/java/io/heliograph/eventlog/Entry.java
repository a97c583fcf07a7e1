package io.heliograph.eventlog;

import org.jspecify.annotations.Nullable;

/** An event and what was made of it, once somebody needed that. Owned by its feed. */
final class Entry<P> {
    private static final long OVERHEAD = 200;

    private final Event event;
    private @Nullable P prepared;

    Entry(Event event) {
        this.event = event;
    }

    Event event() {
        return event;
    }

    /** Bytes of memory held, about: the payload, the objects around it, and the prepared value. */
    long bytes(Preparer<P> preparer) {
        return OVERHEAD + event.payload().length + (prepared == null ? 0 : preparer.bytes(prepared));
    }

    P prepared(Preparer<P> preparer) {
        P value = prepared;
        if (value == null) {
            value = preparer.prepare(event);
            prepared = value;
        }
        return value;
    }

    void release(Preparer<P> preparer) {
        if (prepared != null) {
            preparer.release(prepared);
            prepared = null;
        }
    }
}
