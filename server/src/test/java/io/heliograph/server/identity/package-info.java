@NullMarked
package io.heliograph.server.identity;

import org.jspecify.annotations.NullMarked;
