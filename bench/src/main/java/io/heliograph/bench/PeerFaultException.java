package io.heliograph.bench;

/** A server under test behaved in a way that invalidates the measurement. */
final class PeerFaultException extends RuntimeException {
    PeerFaultException(String message) {
        super(message);
    }

    PeerFaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
