/**
 * Agents, what they are doing, and what they write. This package owns the rows of agents and of their messages.
 *
 * <p>The ways in: {@link io.heliograph.server.agents.AgentRegistry} for other features, inside their transactions;
 * {@link io.heliograph.server.agents.AgentPresence} for whoever sees an agent's key call; and
 * {@link io.heliograph.server.agents.AgentListener}, which others implement to hear of transitions.
 */
@NullMarked
package io.heliograph.server.agents;

import org.jspecify.annotations.NullMarked;
