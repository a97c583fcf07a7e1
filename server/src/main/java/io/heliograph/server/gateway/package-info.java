/**
 * Puts the gateway into the server: its settings, its metrics, its commands, and volatile events. The sockets and reads
 * themselves are in the module {@code gateway}.
 */
@NullMarked
package io.heliograph.server.gateway;

import org.jspecify.annotations.NullMarked;
