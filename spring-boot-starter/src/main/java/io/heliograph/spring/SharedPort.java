package io.heliograph.spring;

import io.heliograph.gateway.EventsGateway;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Serves /socket.io/ on Reactor Netty's port: a handler behind the HTTP codec and before everything else, so Spring's
 * filters do not see these requests. Safe from any thread.
 */
final class SharedPort implements NettyServerCustomizer, PortSharing {
    private final EventsGateway gateway;
    private final boolean ownPort;
    private volatile boolean shared;

    /** @param ownPort whether a port of its own is set, so that this one is left as it is */
    SharedPort(EventsGateway gateway, boolean ownPort) {
        this.gateway = gateway;
        this.ownPort = ownPort;
    }

    @Override
    public HttpServer apply(HttpServer server) {
        if (ownPort) {
            return server;
        }
        shared = true;
        return server.doOnChannelInit((observer, channel, address) -> {
            // HTTP/2 has no such codec in the channel of its connection; stock clients use HTTP/1.1.
            if (channel.pipeline().context(NettyPipeline.HttpCodec) != null) {
                channel.pipeline().addAfter(NettyPipeline.HttpCodec, "socketio", gateway.newChannelHandler());
            }
        });
    }

    @Override
    public boolean isShared() {
        return shared;
    }
}
