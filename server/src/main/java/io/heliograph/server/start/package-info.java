/**
 * The start of the process: {@code main}, the command line and its commands, the first run, the check of the settings,
 * and the wiring of the storage. Nothing imports it.
 */
@NullMarked
package io.heliograph.server.start;

import org.jspecify.annotations.NullMarked;
