package io.heliograph.socketio;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One event loop for the sessions of a server. Runs its tasks when a test says so, on a clock that stands still. */
final class ManualLoop {

    private final EmbeddedChannel channel = new EmbeddedChannel();

    ManualLoop() {
        channel.freezeTime();
    }

    /** For {@link SocketIoServer.Builder#sessionLoops}. */
    EventLoopGroup group() {
        return channel.eventLoop();
    }

    void run() {
        channel.runPendingTasks();
    }

    void advance(Duration duration) {
        channel.advanceTimeBy(duration.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }
}
