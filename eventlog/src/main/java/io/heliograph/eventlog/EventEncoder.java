package io.heliograph.eventlog;

/**
 * Makes the value that subscribers get of an event, such as a finished frame: once per event for all of them. Called on
 * threads of the feeds; must not block or throw.
 *
 * @param <P> the type of the value
 */
public interface EventEncoder<P> {

    /** The value for this event. The feed holds it until it calls {@link #release}. */
    P encode(Event event);

    /** Bytes of memory that the value holds beyond the event itself. */
    int bytes(P encoded);

    /** The feed no longer holds the value. */
    void release(P encoded);

    /** Subscribers get the events as they are. */
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
