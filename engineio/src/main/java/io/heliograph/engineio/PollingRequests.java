package io.heliograph.engineio;

/**
 * The GETs and POSTs of a session, as the HTTP side gives them to it.
 *
 * <p>Threading: owned by the session's loop. Source: engine.io-protocol v4, "HTTP long-polling".
 */
final class PollingRequests {

    /** The session. */
    interface Owner extends CarrierOwner {

        /** What carries it now. */
        Carrier carrier();

        /** Whether its id is unknown from now on. */
        boolean forgotten();

        /** Whether the peer ended or broke its input: no more packets are taken. */
        boolean inputEnded();
    }

    private final Owner session;

    PollingRequests(Owner session) {
        this.session = session;
    }

    /** A GET: answered with what waits, or when there is something. */
    void poll(PollingRequest request) {
        if (session.forgotten() || !(session.carrier() instanceof PollingCarrier polling)) {
            refuse(request);
        } else if (!polling.poll(request)) {
            overlaps(polling, request);
        }
    }

    /** The head of a POST. It is taken after the session's end too: a peer that does not know yet keeps its last packets. */
    void beginPost(PollingRequest request) {
        if (session.forgotten() || !(session.carrier() instanceof PollingCarrier polling)) {
            refuse(request);
        } else if (!polling.beginPost(request)) {
            overlaps(polling, request);
        }
    }

    /** The whole body of a POST that had begun. */
    void endPost(PollingRequest request, byte[] body) {
        if (!(session.carrier() instanceof PollingCarrier polling) || !polling.isPost(request)) {
            return;
        }
        Payload.decode(body, packet -> {
            session.receive(packet);
            return !session.forgotten() && !session.inputEnded();
        });
        if (session.inputEnded()) {
            session.afterReplies(() -> answerPost(polling, request));
        } else {
            answerPost(polling, request);
        }
    }

    /** A POST that had begun was refused for what followed; the session goes on. */
    void cancelPost(PollingRequest request) {
        if (session.carrier() instanceof PollingCarrier polling) {
            polling.abort(request);
        }
    }

    /** The connection of a request was closed before its answer. */
    void abort(PollingRequest request) {
        if (session.carrier() instanceof PollingCarrier polling && polling.abort(request)) {
            session.carrierGone(polling, CloseReason.TRANSPORT_ERROR);
        }
    }

    private void refuse(PollingRequest request) {
        request.refuse(session.forgotten() ? ProtocolError.UNKNOWN_SID : ProtocolError.BAD_REQUEST);
    }

    /** Two GETs or two POSTs at a time: an error of the peer. */
    private void overlaps(PollingCarrier polling, PollingRequest request) {
        session.carrierGone(polling, CloseReason.TRANSPORT_ERROR);
        request.refuse(ProtocolError.BAD_REQUEST);
    }

    private static void answerPost(PollingCarrier polling, PollingRequest request) {
        if (polling.isPost(request)) {
            polling.endPost(request);
        }
    }
}
