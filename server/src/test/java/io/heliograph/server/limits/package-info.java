@NullMarked
package io.heliograph.server.limits;

import org.jspecify.annotations.NullMarked;
