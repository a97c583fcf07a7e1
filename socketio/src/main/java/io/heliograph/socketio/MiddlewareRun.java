package io.heliograph.socketio;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the middleware of a namespace for one connecting socket.
 *
 * <p>Threading: the thread that completes a step starts the next one; each step is completed once.
 */
final class MiddlewareRun {

    private final Socket socket;
    private final List<Middleware> middleware;

    private MiddlewareRun(Socket socket, List<Middleware> middleware) {
        this.socket = socket;
        this.middleware = middleware;
    }

    static void start(Socket socket) {
        new MiddlewareRun(socket, socket.namespace().middleware()).enter(0);
    }

    private void enter(int index) {
        if (index == middleware.size()) {
            socket.client().admitted(socket);
        } else {
            socket.client().callbacks().run(() -> run(index));
        }
    }

    private void run(int index) {
        Step step = new Step(index);
        try {
            middleware.get(index).handle(socket, step);
        } catch (RuntimeException | Error e) {
            Namespace namespace = socket.namespace();
            namespace.server().observer().callbackFailed(namespace.name(), "middleware", e);
            step.reject(ConnectError.of("Internal error"));
        }
    }

    private final class Step implements Next {
        private final int index;
        private final AtomicBoolean decided = new AtomicBoolean();

        Step(int index) {
            this.index = index;
        }

        @Override
        public void proceed() {
            if (decided.compareAndSet(false, true)) {
                enter(index + 1);
            }
        }

        @Override
        public void reject(ConnectError error) {
            if (decided.compareAndSet(false, true)) {
                socket.client().rejected(socket, error);
            }
        }
    }
}
