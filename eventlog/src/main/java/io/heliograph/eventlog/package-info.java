@NullMarked
package io.heliograph.eventlog;

import org.jspecify.annotations.NullMarked;
