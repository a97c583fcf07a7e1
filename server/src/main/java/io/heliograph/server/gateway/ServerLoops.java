package io.heliograph.server.gateway;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** One group of event loops for all that the web server does, closed with it. */
record ServerLoops(EventLoopGroup group) implements LoopResources {
    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return group;
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return Mono.create(
                closed -> group.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .addListener(_ -> closed.success()));
    }
}
