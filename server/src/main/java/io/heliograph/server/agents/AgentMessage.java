package io.heliograph.server.agents;

import java.time.Instant;
import java.util.Locale;

/**
 * Something that an agent, a tool, an operator or the system wrote on an agent's page. Immutable.
 *
 * @param seq position among the agent's messages, from 1, without gaps
 * @param text at most 32 kB of UTF-8; of a streaming message, what there is of it so far
 */
public record AgentMessage(
        String id, String agentId, long seq, Role role, Kind kind, String text, State state, Instant createdAt) {

    /** Who wrote it. */
    public enum Role {
        AGENT,
        TOOL,
        OPERATOR,
        SYSTEM;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What it is. */
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

    /** Whether more of it may come. */
    public enum State {
        STREAMING,
        FINAL;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
