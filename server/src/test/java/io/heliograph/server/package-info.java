@NullMarked
package io.heliograph.server;

import org.jspecify.annotations.NullMarked;
