package io.heliograph.gateway;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** {@code auth:renew {token}}: a socket continues with another token of the same subject. Stateless. */
final class RenewCommand implements SocketCommand {
    static final String NAME = "auth:renew";

    @Override
    public Map<String, Object> run(ClientSocket socket, JsonNode argument) {
        Principal renewed = socket.renew(ClientMessages.renewal(argument));
        return renewed.expiresAt()
                .<Map<String, Object>>map(end -> Map.of("ok", true, "expiresAt", ClientMessages.format(end)))
                .orElseGet(() -> Map.of("ok", true));
    }
}
