/**
 * Puts the gateway into the server: its settings, its metrics, what clients may ask for, and volatile events. The sockets
 * and reads themselves are in the module {@code gateway}.
 */
@NullMarked
package io.heliograph.server.gateway;

import org.jspecify.annotations.NullMarked;
