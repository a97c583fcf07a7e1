package io.heliograph.eventlog;

/**
 * Makes of an event what readers get, such as a finished frame: once per event, however many readers there are. Called
 * on threads of the feeds; must not block or throw.
 */
public interface EventEncoder<P> {

    P encode(Event event);

    /** Bytes of memory that the value holds beyond the event itself. */
    int bytes(P encoded);

    /** The feed no longer holds the value. */
    void release(P encoded);

    /** Subscriptions get the events as they are. */
    static EventEncoder<Event> identity() {
        return new EventEncoder<>() {
            @Override
            public Event encode(Event event) {
                return event;
            }

            @Override
            public int bytes(Event encoded) {
                return 0;
            }

            @Override
            public void release(Event encoded) {
                // The garbage collector's.
            }
        };
    }
}
