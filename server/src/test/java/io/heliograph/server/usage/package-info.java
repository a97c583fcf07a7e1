/** Tests of the usage of limits. */
@NullMarked
package io.heliograph.server.usage;

import org.jspecify.annotations.NullMarked;
