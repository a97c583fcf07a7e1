/**
 * Who is online in a workspace and which approval each member looks at. Nothing of it is stored or logged: each node
 * knows its own sockets, tells the other nodes of their members over the bus, and sends the whole state to the sockets
 * of the workspace.
 *
 * <p>Entry point: {@link io.heliograph.server.presence.Presence}. Its state belongs to each workspace's {@code
 * WorkspacePresence}.
 */
@NullMarked
package io.heliograph.server.presence;

import org.jspecify.annotations.NullMarked;
