/**
 * Who calls and what they may do: workspaces, members, API keys, tokens, sessions and sign-in. Other features see {@link
 * io.heliograph.server.workspaces.Caller} with its roles and scopes, and {@link
 * io.heliograph.server.workspaces.Members}, and look keys up in {@link io.heliograph.server.workspaces.ApiKeys}; the
 * gateway uses {@link io.heliograph.server.workspaces.Credentials} and
 * {@link io.heliograph.server.workspaces.Revocations}; the command line {@link
 * io.heliograph.server.workspaces.Administration}.
 */
@NullMarked
package io.heliograph.server.workspaces;

import org.jspecify.annotations.NullMarked;
