package io.heliograph.socketio;

import java.util.Optional;

/** What CONNECT is answered with. {@code pid} is what a client presents to recover; without recovery there is none. */
record ConnectResponse(String socketId, Optional<String> pid) {}
