/**
 * Agents to watch: started by {@code --demo}, they work through the scripts in {@code demo/agents.json} as real clients
 * of the public HTTP API, with API keys. Nothing here reaches into a feature.
 */
@NullMarked
package io.heliograph.server.demo;

import org.jspecify.annotations.NullMarked;
