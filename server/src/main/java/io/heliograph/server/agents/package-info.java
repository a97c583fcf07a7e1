/**
 * Agents, what they are doing, and what they write. This package owns the rows of agents and of their messages.
 *
 * <p>The ways in: {@link io.heliograph.server.agents.AgentRegistry} for other features, inside their transactions;
 * {@link io.heliograph.server.agents.AgentPresence} to record calls of agents' keys; and {@link
 * io.heliograph.server.agents.AgentListener}, which other features implement to be notified of status changes.
 */
@NullMarked
package io.heliograph.server.agents;

import org.jspecify.annotations.NullMarked;
