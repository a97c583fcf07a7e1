/**
 * The first checks of connections and requests: limits and timeouts of connections, and the rules for a request's head.
 * They are handlers of Netty's pipeline, for REST and the dashboard; Socket.IO shares the connection limits and checks
 * its requests' heads itself.
 *
 * <p>The state of a connection belongs to its event loop. The way in is {@link
 * io.heliograph.server.http.HttpConfiguration}.
 */
@NullMarked
package io.heliograph.server.http;

import org.jspecify.annotations.NullMarked;
