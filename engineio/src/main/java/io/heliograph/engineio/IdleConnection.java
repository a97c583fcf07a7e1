package io.heliograph.engineio;

import io.netty.channel.ChannelHandlerContext;

/** Ends a connection of the stand-alone server that has no request for too long. Owned by the channel's loop. */
final class IdleConnection extends TimerWheel.Entry {
    private final ChannelHandlerContext context;

    IdleConnection(ChannelHandlerContext context) {
        this.context = context;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a failed close shows as the channel's end
    void expire() {
        context.close();
    }
}
