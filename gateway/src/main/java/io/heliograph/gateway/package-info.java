/**
 * Sockets, streams of server-sent events and long polls on a log: joins {@code socketio} and {@code eventlog}, which do
 * not know each other. Knows nothing of Spring and of any product.
 *
 * <p>The way in is {@link io.heliograph.gateway.EventsGateway}. An application implements four ports: {@link
 * io.heliograph.gateway.Authenticator} says who presents a credential, {@link io.heliograph.gateway.CredentialWatch}
 * tells of revocations, {@link io.heliograph.gateway.GatewayObserver} is told what happens, {@link
 * io.heliograph.gateway.ClientListener} of sockets that come and go; and registers what clients
 * may ask for as {@link io.heliograph.gateway.SocketCommand}s. The life of a connection, class by class: {@code
 * ConnectLimits} (how many), {@code ConnectMiddleware} (who), {@code LogRecovery} (from where), {@code LiveDelivery}
 * (what is new), {@code CommandDispatcher} (what it asks for), {@code ClientConnections} (how it ends).
 *
 * <p>A socket belongs to its event loop, a feed to itself; what lies between them, in this package, is immutable or says
 * what guards it.
 */
@NullMarked
package io.heliograph.gateway;

import org.jspecify.annotations.NullMarked;
