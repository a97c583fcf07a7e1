package io.heliograph.eventlog;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bus of a single process: calls its listeners on the sender's thread. Safe from any thread. */
public final class LocalBus implements Bus {
    private static final Logger LOG = LoggerFactory.getLogger(LocalBus.class);

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void publish(Hint hint) {
        notifyListeners(listener -> listener.hint(hint));
    }

    @Override
    public void signal(Signal signal) {
        notifyListeners(listener -> listener.signal(signal));
    }

    @Override
    public void follow(WorkspaceId workspace) {
        // Every listener hears everything.
        notifyListeners(listener -> listener.followed(workspace));
    }

    @Override
    public void unfollow(WorkspaceId workspace) {
        // Every listener hears everything.
    }

    @Override
    public Subscription subscribe(Listener listener) {
        // Wrapped, so that one listener may subscribe twice and each subscription ends its own.
        Listener own = new Entry(listener);
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    @Override
    public void close() {
        listeners.clear();
    }

    void notifyListeners(Consumer<Listener> message) {
        for (Listener listener : listeners) {
            try {
                message.accept(listener);
            } catch (RuntimeException e) {
                // A listener's fault must reach neither the writer that committed nor the other listeners.
                LOG.error("a listener of the bus failed", e);
            }
        }
    }

    private static final class Entry implements Listener {
        private final Listener listener;

        Entry(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void hint(Hint hint) {
            listener.hint(hint);
        }

        @Override
        public void signal(Signal signal) {
            listener.signal(signal);
        }

        @Override
        public void reconnected() {
            listener.reconnected();
        }

        @Override
        public void followed(WorkspaceId workspace) {
            listener.followed(workspace);
        }
    }
}
