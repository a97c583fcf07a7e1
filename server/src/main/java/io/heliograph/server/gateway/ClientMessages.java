package io.heliograph.server.gateway;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.json.JsonFault;
import io.heliograph.server.json.RequestJson;
import io.heliograph.socketio.ArgumentMismatchException;
import io.heliograph.socketio.Arguments;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What clients send over sockets: each field is exactly of its type, as in the bodies of requests. Pure. */
final class ClientMessages {
    private static final int MAX_TOKEN = 16_384;
    private static final int MAX_ID = 64;

    private ClientMessages() {}

    /**
     * What comes with CONNECT. Fields that are not known here are the application's own, and passed over; {@code pid} and
     * {@code offset} are the stock client's.
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Connect(Optional<String> token, Optional<String> pid, Optional<String> offset, Optional<String> cursor) {}

    /** The argument of {@code auth:renew}. */
    record Renewal(String token) {
        Renewal(@Nullable String token) {
            this.token = Fields.text("token", token, MAX_TOKEN);
        }
    }

    /** The argument of {@code topics:watch}; {@code agents} is a list of ids, or the text "all". */
    record Watch(JsonNode agents) {
        Watch(@Nullable JsonNode agents) {
            this.agents = Fields.required("agents", agents);
            Fields.check(everything() || this.agents.isArray(), "agents", "must be a list of ids, or the text \"all\"");
            for (int index = 0; index < this.agents.size(); index++) {
                String field = "agents[" + index + "]";
                Fields.check(this.agents.get(index).isString(), field, "must be a text");
                Fields.text(field, this.agents.get(index).asString(), MAX_ID);
            }
        }

        boolean everything() {
            return agents.isString() && agents.asString().equals("all");
        }

        Set<String> topics() {
            Set<String> topics = new LinkedHashSet<>();
            agents.valueStream().forEach(id -> topics.add(id.asString()));
            return topics;
        }
    }

    /** A message that is not what it must be. */
    static final class Invalid extends RuntimeException {
        private final transient JsonFault fault;

        Invalid(JsonFault fault) {
            super(fault.sentence());
            this.fault = fault;
        }

        JsonFault fault() {
            return fault;
        }
    }

    /**
     * What {@code auth} holds.
     *
     * @throws Invalid that names the field
     */
    static Connect connect(JsonNode auth) {
        return read("auth", () -> RequestJson.read(auth, Connect.class));
    }

    /**
     * The one argument of an event.
     *
     * @throws Invalid that names the field
     */
    static <T> T argument(Arguments arguments, Class<T> type) {
        return read("", () -> {
            Fields.check(arguments.size() == 1, "", "must be one object, and nothing else");
            return RequestJson.read(arguments.get(0), type);
        });
    }

    private static <T> T read(String parent, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (InvalidFieldException invalid) {
            throw new Invalid(JsonFault.of(invalid).under(parent));
        } catch (JacksonException failure) {
            throw new Invalid(JsonFault.of(failure).under(parent));
        } catch (ArgumentMismatchException _) {
            throw new Invalid(new JsonFault(JsonFault.WHOLE, "must be JSON with each field once"));
        }
    }
}
