/**
 * The readers of the log that are not sockets: a plain GET, a bounded long poll and server-sent events. They return the
 * stored envelope byte for byte, and only events that the caller may see. No reader holds a thread while it waits.
 */
@NullMarked
package io.heliograph.server.readers;

import org.jspecify.annotations.NullMarked;
