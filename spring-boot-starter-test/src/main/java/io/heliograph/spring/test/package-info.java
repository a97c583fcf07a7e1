/**
 * A Socket.IO client for the tests of services that use the starter. The way in is {@link
 * io.heliograph.spring.test.SocketClient}.
 */
@NullMarked
package io.heliograph.spring.test;

import org.jspecify.annotations.NullMarked;
