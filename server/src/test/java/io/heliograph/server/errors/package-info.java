@NullMarked
package io.heliograph.server.errors;

import org.jspecify.annotations.NullMarked;
