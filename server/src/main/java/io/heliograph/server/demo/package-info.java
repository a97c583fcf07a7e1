/**
 * Demonstration agents: started by {@code --demo}, they work through the scripts in {@code demo/agents.json} as real
 * clients of the public HTTP API, with API keys. They use no feature's internals.
 */
@NullMarked
package io.heliograph.server.demo;

import org.jspecify.annotations.NullMarked;
