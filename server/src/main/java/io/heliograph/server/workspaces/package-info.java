/**
 * The workspaces and their members, as they are stored: {@link io.heliograph.server.workspaces.Workspaces} and {@link
 * io.heliograph.server.workspaces.Members}. Knows nothing of credentials.
 */
@NullMarked
package io.heliograph.server.workspaces;

import org.jspecify.annotations.NullMarked;
