package io.heliograph.socketio;

import io.heliograph.engineio.SessionLoop;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Delivers to the sockets of a selection: one command per event loop that has members, no lock, nothing encoded or
 * copied per socket.
 *
 * <p>The rooms are looked up where the call is made; their members are read on each loop, in order with joins and leaves
 * that the same thread has made before.
 */
final class FanOut {

    private final NamespaceRegistry registry;
    private final Delivery delivery;
    private final IdentityHashMap<SessionLoop, OnLoop> loops = new IdentityHashMap<>(4);

    private FanOut(NamespaceRegistry registry, Delivery delivery) {
        this.registry = registry;
        this.delivery = delivery;
    }

    /** What is done with each socket, on its loop. */
    interface Delivery {
        void to(Socket socket);
    }

    static void send(NamespaceRegistry registry, Selection selection, Delivery delivery) {
        if (selection.rooms().isEmpty() && selection.except().isEmpty()) {
            sendToRoom(registry.everyone(), delivery);
        } else if (selection.rooms().size() == 1 && selection.except().isEmpty()) {
            String name = selection.rooms().iterator().next();
            registry.rooms().find(name).ifPresent(room -> sendToRoom(room, delivery));
            registry.find(name).ifPresent(socket -> socket.loop().execute(() -> delivery.to(socket)));
        } else {
            new FanOut(registry, delivery).send(selection);
        }
    }

    private static void sendToRoom(Room room, Delivery delivery) {
        for (Room.Part part : room.parts()) {
            part.loop().execute(() -> {
                for (int i = 0; i < part.size(); i++) {
                    delivery.to(part.socket(i));
                }
            });
        }
    }

    private void send(Selection selection) {
        if (selection.rooms().isEmpty()) {
            registry.everyone().parts().forEach(part -> on(part.loop()).parts.add(part));
        }
        for (String name : selection.rooms()) {
            registry.rooms()
                    .find(name)
                    .ifPresent(room ->
                            room.parts().forEach(part -> on(part.loop()).parts.add(part)));
            registry.find(name).ifPresent(socket -> on(socket.loop()).sockets.add(socket));
        }
        for (String name : selection.except()) {
            exclude(registry.rooms().find(name));
            registry.find(name).map(socket -> loops.get(socket.loop())).ifPresent(on -> on.exceptSockets.add(name));
        }
        loops.forEach((loop, on) -> loop.execute(on));
    }

    private void exclude(Optional<Room> room) {
        room.ifPresent(excluded -> excluded.parts().forEach(part -> {
            OnLoop on = loops.get(part.loop());
            if (on != null) {
                on.exceptParts.add(part);
            }
        }));
    }

    private OnLoop on(SessionLoop loop) {
        return loops.computeIfAbsent(loop, key -> new OnLoop());
    }

    /** What one loop is to do. Marks every socket that it has seen, so that no socket gets a message twice. */
    private final class OnLoop implements Runnable {
        private final List<Room.Part> parts = new ArrayList<>(1);
        private final List<Socket> sockets = new ArrayList<>(1);
        private final List<Room.Part> exceptParts = new ArrayList<>(1);
        private final List<String> exceptSockets = new ArrayList<>(1);

        @Override
        public void run() {
            Socket.Visit visit = new Socket.Visit();
            for (Room.Part part : exceptParts) {
                for (int i = 0; i < part.size(); i++) {
                    part.socket(i).markedBy(visit);
                }
            }
            for (Room.Part part : parts) {
                for (int i = 0; i < part.size(); i++) {
                    visit(part.socket(i), visit);
                }
            }
            for (Socket socket : sockets) {
                visit(socket, visit);
            }
        }

        private void visit(Socket socket, Socket.Visit visit) {
            if (!socket.markedBy(visit) && !exceptSockets.contains(socket.id())) {
                delivery.to(socket);
            }
        }
    }
}
