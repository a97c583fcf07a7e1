/**
 * Who calls and what they may do: workspaces, members, API keys, tokens and sign-in. Other features see {@link\n * io.heliograph.server.workspaces.Caller}, its roles and scopes, and nothing else.
 */
@NullMarked
package io.heliograph.server.workspaces;

import org.jspecify.annotations.NullMarked;
