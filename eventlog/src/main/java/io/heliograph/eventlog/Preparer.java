package io.heliograph.eventlog;

/**
 * Makes of an event what readers get, such as a finished frame: once per event, however many readers there are. Called
 * on threads of the feeds; must not block or throw.
 */
public interface Preparer<P> {

    P prepare(Event event);

    /** Bytes of memory that the value holds beyond the event itself. */
    int bytes(P prepared);

    /** The feed no longer holds the value. */
    void release(P prepared);

    /** Readers get the events as they are. */
    static Preparer<Event> none() {
        return new Preparer<>() {
            @Override
            public Event prepare(Event event) {
                return event;
            }

            @Override
            public int bytes(Event prepared) {
                return 0;
            }

            @Override
            public void release(Event prepared) {
                // The garbage collector's.
            }
        };
    }
}
