package io.heliograph.server.agents;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heliograph.server.events.AgentId;
import java.time.Instant;
import java.util.Locale;

/**
 * A message of an agent, a tool, an operator or the system on an agent's page. Immutable.
 *
 * @param seq position among the agent's messages, from 1, without gaps
 * @param text at most 32 kB of UTF-8; of a streaming message, what there is of it so far
 * @param deltaRev the {@code rev} of the last delta before this text was written, whose text this has; 0 and left out
 *     when there was none
 */
public record AgentMessage(
        String id,
        AgentId agentId,
        long seq,
        Role role,
        Kind kind,
        String text,
        State state,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long deltaRev) {

    AgentMessage withDeltaRev(long rev) {
        return new AgentMessage(id, agentId, seq, role, kind, text, state, createdAt, rev);
    }

    /** The author's role. */
    public enum Role {
        AGENT,
        TOOL,
        OPERATOR,
        SYSTEM;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The kind of message. */
    public enum Kind {
        TEXT,
        TOOL_CALL,
        TOOL_RESULT,
        LOG,
        ERROR;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether the text may still grow. */
    public enum State {
        STREAMING,
        FINAL;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
