package io.heliograph.server.presence;

import io.heliograph.gateway.ClientSocket;
import io.heliograph.gateway.InvalidMessageException;
import io.heliograph.gateway.SocketCommand;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.json.JsonFault;
import io.heliograph.server.json.RequestJson;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * {@code presence:set {approvalId}}: says which approval the member looks at with this socket, or with null that it is
 * none. The id is only passed on: such an approval need not exist. Immutable.
 */
record PresenceCommand(Presence presence) implements SocketCommand {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** {@code approvalId} is an id or JSON's null. */
    record Look(JsonNode approvalId) {
        Look(@Nullable JsonNode approvalId) {
            this.approvalId = Fields.required("approvalId", approvalId);
            boolean isId = this.approvalId.isString()
                    && ID.matcher(this.approvalId.asString()).matches();
            Fields.check(
                    isId || this.approvalId.isNull(),
                    "approvalId",
                    "must be an id of 1 to 64 letters, digits, _ and -, or null");
        }

        Optional<String> approval() {
            return approvalId.isNull() ? Optional.empty() : Optional.of(approvalId.asString());
        }
    }

    @Override
    public Map<String, Object> run(ClientSocket socket, JsonNode argument) {
        presence.look(socket, read(argument).approval());
        return Map.of("ok", true);
    }

    private static Look read(JsonNode argument) {
        try {
            return RequestJson.read(argument, Look.class);
        } catch (InvalidFieldException invalid) {
            throw invalid(JsonFault.of(invalid));
        } catch (JacksonException failure) {
            throw invalid(JsonFault.of(failure));
        }
    }

    private static InvalidMessageException invalid(JsonFault fault) {
        return new InvalidMessageException(fault.field(), fault.detail());
    }
}
