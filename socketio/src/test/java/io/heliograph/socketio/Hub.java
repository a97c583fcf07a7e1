package io.heliograph.socketio;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A cluster in one process: what one adapter publishes, all others receive, in order, on a thread of the hub. */
final class Hub implements AutoCloseable {

    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final ExecutorService carrier = Executors.newSingleThreadExecutor();

    Adapter newAdapter() {
        return new Link();
    }

    /** Hands a message to every node, as if another one had published it. */
    void inject(byte[] message) {
        carrier.execute(() -> links.forEach(link -> link.receiver.received(message)));
    }

    @Override
    public void close() {
        carrier.close();
    }

    private final class Link implements Adapter {
        private Receiver receiver = message -> {};

        @Override
        public void start(Receiver receiver) {
            this.receiver = receiver;
            links.add(this);
        }

        @Override
        public void publish(byte[] message) {
            carrier.execute(
                    () -> links.stream().filter(link -> link != this).forEach(link -> link.receiver.received(message)));
        }

        @Override
        public int otherNodes() {
            return links.size() - 1;
        }
    }
}
