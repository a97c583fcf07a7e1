@NullMarked
package io.heliograph.server.retention;

import org.jspecify.annotations.NullMarked;
