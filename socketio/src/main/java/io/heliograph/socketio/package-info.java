/**
 * A Socket.IO v5 server: namespaces, middleware, rooms, acknowledgements, broadcasts, recovery.
 *
 * <p>The way in is {@link io.heliograph.socketio.SocketIoServer}. Names follow Node's server: {@link
 * io.heliograph.socketio.Namespace}, {@link io.heliograph.socketio.Socket}, {@link
 * io.heliograph.socketio.BroadcastOperator}.
 *
 * <p>Ownership: a socket belongs to its session's loop. Rooms are listed in one concurrent table per namespace; who is in
 * them is kept per loop, so that a broadcast is one command per loop and takes no lock. Listeners run one after
 * the other, on a virtual thread unless {@link io.heliograph.socketio.Callbacks} says otherwise.
 *
 * <p>Source: socket.io-protocol v5.
 */
@NullMarked
package io.heliograph.socketio;

import org.jspecify.annotations.NullMarked;
