/**
 * Socket.IO on the log: joins {@code socketio} and {@code eventlog}, which do not know each other.
 *
 * <p>The way in is {@link io.heliograph.server.gateway.EventsGateway}. A socket belongs to its event loop, a feed to
 * itself; what lies between them, in this package, is immutable or says who guards it.
 */
@NullMarked
package io.heliograph.server.gateway;

import org.jspecify.annotations.NullMarked;
