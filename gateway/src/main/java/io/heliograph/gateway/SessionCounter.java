package io.heliograph.gateway;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.ProtocolError;
import io.heliograph.engineio.Transport;
import io.heliograph.socketio.DisconnectReason;
import io.heliograph.socketio.SocketIoObserver;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the sessions of this node and forwards every callback. Safe from any thread. */
final class SessionCounter implements SocketIoObserver {
    private final SocketIoObserver observer;
    private final AtomicInteger sessions = new AtomicInteger();

    SessionCounter(SocketIoObserver observer) {
        this.observer = observer;
    }

    /** Sessions that are open now. */
    int count() {
        return sessions.get();
    }

    @Override
    public void sessionOpened(Transport transport) {
        sessions.incrementAndGet();
        observer.sessionOpened(transport);
    }

    @Override
    public void sessionClosed(Transport transport, CloseReason reason) {
        sessions.decrementAndGet();
        observer.sessionClosed(transport, reason);
    }

    @Override
    public void sessionUpgraded() {
        observer.sessionUpgraded();
    }

    @Override
    public void requestRefused(ProtocolError error) {
        observer.requestRefused(error);
    }

    @Override
    public void flushed(int flushedSessions, long bytes) {
        observer.flushed(flushedSessions, bytes);
    }

    @Override
    public void received(int bytes) {
        observer.received(bytes);
    }

    @Override
    public void callerWaited() {
        observer.callerWaited();
    }

    @Override
    public void socketConnected(String namespace, boolean recovered) {
        observer.socketConnected(namespace, recovered);
    }

    @Override
    public void socketDisconnected(String namespace, DisconnectReason reason) {
        observer.socketDisconnected(namespace, reason);
    }

    @Override
    public void connectRejected(String namespace) {
        observer.connectRejected(namespace);
    }

    @Override
    public void eventHandled(String namespace, String event, long nanos) {
        observer.eventHandled(namespace, event, nanos);
    }

    @Override
    public void malformedPacket(String reason) {
        observer.malformedPacket(reason);
    }

    @Override
    public void broadcast(String namespace, int packets) {
        observer.broadcast(namespace, packets);
    }

    @Override
    public void callbackFailed(String namespace, String callback, Throwable failure) {
        observer.callbackFailed(namespace, callback, failure);
    }
}
