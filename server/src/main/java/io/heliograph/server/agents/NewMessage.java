package io.heliograph.server.agents;

import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.TextSize;
import java.util.Optional;

/** A message to be written, or the next state of a streaming one, which {@code id} names. Immutable. */
record NewMessage(
        Optional<String> id,
        Optional<AgentMessage.Role> role,
        Optional<AgentMessage.Kind> kind,
        Optional<String> text,
        Optional<AgentMessage.State> state) {
    private static final int MAX_TEXT_BYTES = 32 * 1024;

    NewMessage {
        Fields.check(text.isPresent(), "text", "is required; it may be empty");
        TextSize.text("text", text, MAX_TEXT_BYTES);
        id.ifPresent(value -> Fields.text("id", value, 64));
    }

    /** With a role, a kind and a state: those given, else {@code defaultRole}, text and final. */
    NewMessage withDefaults(AgentMessage.Role defaultRole) {
        return new NewMessage(
                id,
                role.or(() -> Optional.of(defaultRole)),
                kind.or(() -> Optional.of(AgentMessage.Kind.TEXT)),
                text,
                state.or(() -> Optional.of(AgentMessage.State.FINAL)));
    }
}
