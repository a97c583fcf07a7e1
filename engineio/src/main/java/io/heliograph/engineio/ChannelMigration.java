package io.heliograph.engineio;

import io.netty.channel.Channel;

/**
 * Moves a channel to another event loop of the same kind.
 *
 * <p>A WebSocket that takes over a polling session comes in on whichever loop accepted its connection. It moves to the
 * session's loop, so that session and channel stay single-threaded together and a broadcast never crosses loops. The
 * channel must not be reading.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the channel's end
final class ChannelMigration {

    private ChannelMigration() {}

    /** Runs {@code then} on {@code target} when the channel is there; closes the channel when it cannot be moved. */
    static void move(Channel channel, SessionLoop target, Runnable then) {
        if (target.inLoop()) {
            then.run();
            return;
        }
        channel.deregister().addListener(left -> {
            if (!left.isSuccess()) {
                channel.unsafe().closeForcibly();
                return;
            }
            target.eventLoop().register(channel).addListener(arrived -> {
                if (arrived.isSuccess()) {
                    then.run();
                } else {
                    channel.unsafe().closeForcibly();
                }
            });
        });
    }
}
