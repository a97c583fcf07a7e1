@NullMarked
package io.heliograph.server.deadlines;

import org.jspecify.annotations.NullMarked;
