@NullMarked
package io.heliograph.server.agents;

import org.jspecify.annotations.NullMarked;
