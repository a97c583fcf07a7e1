package io.heliograph.socketio;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the middleware of a socket for one event. Threading: as {@link MiddlewareRun}. */
final class PacketMiddlewareRun {

    private final Target target;
    private final Packet.Event event;
    private final List<PacketMiddleware> middleware;

    /** What becomes of the event. Called where callbacks run. */
    interface Target {
        void accepted(Packet.Event event);

        void rejected(ConnectError error);

        /** A middleware has thrown; the event is rejected next. */
        void failed(Throwable failure);

        /** Runs a callback in order with the session's others. */
        void run(Runnable callback);
    }

    private PacketMiddlewareRun(Target target, Packet.Event event, List<PacketMiddleware> middleware) {
        this.target = target;
        this.event = event;
        this.middleware = middleware;
    }

    /** Where callbacks run. Without middleware, or when each decides at once, the event is dispatched before this returns. */
    static void start(Target target, Packet.Event event, List<PacketMiddleware> middleware) {
        if (middleware.isEmpty()) {
            target.accepted(event);
        } else {
            new PacketMiddlewareRun(target, event, middleware).run(0);
        }
    }

    private void run(int index) {
        if (index == middleware.size()) {
            target.accepted(event);
            return;
        }
        Step step = new Step(index);
        try {
            middleware.get(index).handle(event.name(), event.arguments(), step);
        } catch (RuntimeException | Error e) {
            target.failed(e);
            step.reject(ConnectError.of("Internal error"));
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
        public void reject(ConnectError error) {
            goOn(() -> target.rejected(error));
        }

        private void goOn(Runnable continuation) {
            if (!decided.compareAndSet(false, true)) {
                return;
            }
            if (!returned && Thread.currentThread() == caller) {
                continuation.run();
            } else {
                target.run(continuation);
            }
        }
    }
}
