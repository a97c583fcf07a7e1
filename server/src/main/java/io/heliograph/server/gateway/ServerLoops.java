package io.heliograph.server.gateway;

import io.heliograph.engineio.EventLoops;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * The event loops of this server: those of its connections, which serve HTTP, and those of its sockets. So a command of
 * one workspace does not queue behind thousands of sockets of another that are lost at once.
 *
 * <p>They end with the web server.
 */
record ServerLoops(EventLoopGroup connections, EventLoopGroup sockets) implements LoopResources {

    /** The number of loops of each kind. */
    static ServerLoops ofEach(int count) {
        return new ServerLoops(EventLoops.newGroup(count), EventLoops.newGroup(count));
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return connections;
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return Flux.just(connections, sockets)
                .flatMap(group -> disposeLater(group, quietPeriod, timeout))
                .then();
    }

    private static Mono<Void> disposeLater(EventLoopGroup group, Duration quietPeriod, Duration timeout) {
        return Mono.create(
                closed -> group.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .addListener(_ -> closed.success()));
    }
}
