@NullMarked
package io.heliograph.server.start;

import org.jspecify.annotations.NullMarked;
