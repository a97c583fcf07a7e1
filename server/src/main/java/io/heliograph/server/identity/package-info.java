/**
 * Who calls and what they may do: API keys, tokens, sessions, sign-in and revocation. Other features see {@link
 * io.heliograph.server.identity.Caller} with its scopes, and look keys up in {@link
 * io.heliograph.server.identity.ApiKeys}; the gateway uses {@link io.heliograph.server.identity.Credentials} and {@link
 * io.heliograph.server.identity.Revocations}; the command line {@link io.heliograph.server.identity.Administration}.
 */
@NullMarked
package io.heliograph.server.identity;

import org.jspecify.annotations.NullMarked;
