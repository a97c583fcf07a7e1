package io.heliograph.server.events;

import java.time.Instant;
import java.util.Optional;

/** The traces of commands, from the request to the sockets. Safe from any thread. */
public interface Traces {
    /** Traces nothing. */
    Traces OFF = new Traces() {
        @Override
        public boolean on() {
            return false;
        }

        @Override
        public Optional<String> current() {
            return Optional.empty();
        }

        @Override
        public void delivered(String traceId, String type, Instant committed) {
            // Nothing is traced.
        }
    };

    /** Whether anything is traced. */
    boolean on();

    /** The id (32 hex digits) of the sampled trace that the calling thread works in. */
    Optional<String> current();

    /** An event of a traced command was handed to the sockets of this node now. */
    void delivered(String traceId, String type, Instant committed);
}
