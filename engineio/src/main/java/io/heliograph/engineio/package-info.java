@NullMarked
package io.heliograph.engineio;

import org.jspecify.annotations.NullMarked;
