@NullMarked
package io.heliograph.server.presence;

import org.jspecify.annotations.NullMarked;
