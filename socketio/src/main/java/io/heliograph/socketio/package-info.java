@NullMarked
package io.heliograph.socketio;

import org.jspecify.annotations.NullMarked;
