@NullMarked
package io.heliograph.server.tracing;

import org.jspecify.annotations.NullMarked;
