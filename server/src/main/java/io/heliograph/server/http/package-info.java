/**
 * What holds for connections and requests before any other part sees them: how many and how slow connections may be, and
 * what a request's head must be like. Works on Netty's pipeline, for REST and the page; sockets share the bounds of
 * connections and check their requests' heads by themselves.
 *
 * <p>The state of a connection belongs to its event loop. The way in is {@link
 * io.heliograph.server.http.HttpConfiguration}.
 */
@NullMarked
package io.heliograph.server.http;

import org.jspecify.annotations.NullMarked;
