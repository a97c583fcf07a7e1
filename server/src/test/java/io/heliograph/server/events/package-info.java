@NullMarked
package io.heliograph.server.events;

import org.jspecify.annotations.NullMarked;
