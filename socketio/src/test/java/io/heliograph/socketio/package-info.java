/** Tests of the Socket.IO server. Those named IT open sockets and run stock clients in Node. */
@NullMarked
package io.heliograph.socketio;

import org.jspecify.annotations.NullMarked;
