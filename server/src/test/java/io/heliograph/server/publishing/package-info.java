/** Tests of published events. */
@NullMarked
package io.heliograph.server.publishing;

import org.jspecify.annotations.NullMarked;
