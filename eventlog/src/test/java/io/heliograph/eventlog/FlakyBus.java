package io.heliograph.eventlog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A bus that loses, holds and repeats hints as the test says. For one thread. */
final class FlakyBus implements Bus {
    final Set<WorkspaceId> followed = new HashSet<>();
    final List<Hint> sent = new ArrayList<>();
    boolean lose;
    boolean hold;
    private final List<Hint> held = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    @Override
    public void publish(Hint hint) {
        sent.add(hint);
        if (hold) {
            held.add(hint);
        } else if (!lose) {
            deliver(hint);
        }
    }

    void deliver(Hint hint) {
        listeners.forEach(listener -> listener.hint(hint));
    }

    void releaseReversed() {
        hold = false;
        held.reversed().forEach(this::deliver);
        held.clear();
    }

    void repeat() {
        List.copyOf(sent).forEach(this::deliver);
    }

    void reconnect() {
        lose = false;
        listeners.forEach(Listener::reconnected);
    }

    /** As when the subscription to a workspace's hints is confirmed late. */
    void confirm(WorkspaceId workspace) {
        listeners.forEach(listener -> listener.followed(workspace));
    }

    int listeners() {
        return listeners.size();
    }

    @Override
    public void signal(Signal signal) {
        listeners.forEach(listener -> listener.signal(signal));
    }

    @Override
    public void follow(WorkspaceId workspace) {
        followed.add(workspace);
    }

    @Override
    public void unfollow(WorkspaceId workspace) {
        followed.remove(workspace);
    }

    @Override
    public Subscription subscribe(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        listeners.clear();
    }
}
