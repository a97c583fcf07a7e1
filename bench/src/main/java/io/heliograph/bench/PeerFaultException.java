package io.heliograph.bench;

/** A server under test did something that makes the measurement worthless. */
final class PeerFaultException extends RuntimeException {
    PeerFaultException(String message) {
        super(message);
    }

    PeerFaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
