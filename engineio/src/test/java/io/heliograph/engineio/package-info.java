/** Tests of the Engine.IO layer. Those named IT open sockets. */
@NullMarked
package io.heliograph.engineio;

import org.jspecify.annotations.NullMarked;
