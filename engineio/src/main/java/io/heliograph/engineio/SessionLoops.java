package io.heliograph.engineio;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The loops of a server, each made when it is first needed.
 *
 * <p>Threading: safe from any thread.
 */
final class SessionLoops {

    private final EngineIoSettings settings;
    private final EngineObserver observer;
    // Null: sessions live on the loops of their connections.
    private final @Nullable EventLoopGroup own;
    private final Map<EventLoop, SessionLoop> loops = new ConcurrentHashMap<>();
    // The same, for walking through them at each send.
    private final List<SessionLoop> list = new CopyOnWriteArrayList<>();

    SessionLoops(EngineIoSettings settings, EngineObserver observer, @Nullable EventLoopGroup own) {
        this.settings = settings;
        this.observer = observer;
        this.own = own;
    }

    SessionLoop of(EventLoop eventLoop) {
        SessionLoop known = loops.get(eventLoop);
        return known != null ? known : loops.computeIfAbsent(eventLoop, this::newLoop);
    }

    /** Where a session lives whose first connection is on {@code connection}. */
    SessionLoop forSession(EventLoop connection) {
        EventLoopGroup group = own;
        return of(group == null ? connection : group.next());
    }

    /** Those that were needed so far. */
    List<SessionLoop> all() {
        return List.copyOf(list);
    }

    /** Waits while any loop has too many commands. */
    void awaitCapacity() {
        for (SessionLoop loop : list) {
            loop.awaitCapacity();
        }
    }

    private SessionLoop newLoop(EventLoop eventLoop) {
        SessionLoop loop = new SessionLoop(eventLoop, settings, observer, this::onSomeLoop);
        list.add(loop);
        return loop;
    }

    private boolean onSomeLoop() {
        return list.stream().anyMatch(SessionLoop::inLoop);
    }
}
