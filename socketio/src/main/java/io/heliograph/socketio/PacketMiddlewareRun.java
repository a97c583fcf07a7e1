package io.heliograph.socketio;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Leads one event through its socket's middleware. Threading: as {@link MiddlewareRun}. */
final class PacketMiddlewareRun {

    private final Socket socket;
    private final Packet.Event event;
    private final List<PacketMiddleware> middleware;

    private PacketMiddlewareRun(Socket socket, Packet.Event event, List<PacketMiddleware> middleware) {
        this.socket = socket;
        this.event = event;
        this.middleware = middleware;
    }

    /** Where callbacks run. Without middleware, or when each decides at once, the event is dispatched before this returns. */
    static void start(Socket socket, Packet.Event event, List<PacketMiddleware> middleware) {
        if (middleware.isEmpty()) {
            socket.dispatch(event);
        } else {
            new PacketMiddlewareRun(socket, event, middleware).run(0);
        }
    }

    private void run(int index) {
        if (index == middleware.size()) {
            socket.dispatch(event);
            return;
        }
        Step step = new Step(index);
        try {
            middleware.get(index).handle(event.name(), event.arguments(), step);
        } catch (RuntimeException | Error e) {
            Namespace namespace = socket.namespace();
            namespace.server().observer().callbackFailed(namespace.name(), "a packet's middleware", e);
            step.refuse(ConnectError.of("Internal error"));
        }
        step.returned();
    }

    /** A decision within the call goes on right there; a later one is given to the session's callbacks. */
    private final class Step implements Next {
        private final int index;
        private final Thread caller = Thread.currentThread();
        private final AtomicBoolean decided = new AtomicBoolean();
        private volatile boolean returned;

        Step(int index) {
            this.index = index;
        }

        void returned() {
            returned = true;
        }

        @Override
        public void proceed() {
            goOn(() -> run(index + 1));
        }

        @Override
        public void refuse(ConnectError error) {
            goOn(() -> socket.refused(error));
        }

        private void goOn(Runnable continuation) {
            if (!decided.compareAndSet(false, true)) {
                return;
            }
            if (!returned && Thread.currentThread() == caller) {
                continuation.run();
            } else {
                socket.client().callbacks().run(continuation);
            }
        }
    }
}
