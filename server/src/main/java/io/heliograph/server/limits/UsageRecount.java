package io.heliograph.server.limits;

import io.heliograph.eventlog.WorkspaceId;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Counts anew what the counters of a workspace say, and corrects them. Takes as long as there are rows. Stateless. */
public final class UsageRecount {
    private static final String MESSAGES =
            "(select count(*) from agent_message m" + " where m.workspace = agent.workspace and m.agent_id = agent.id)";

    private UsageRecount() {}

    /** A counter that was wrong. */
    public record Correction(String counter, long before, long now) {}

    /** Corrects the counters in a transaction of the workspace; returns those that were wrong. */
    public static List<Correction> run(JdbcClient jdbc, WorkspaceId workspace) {
        List<Correction> corrections = new ArrayList<>();
        for (UsageCounter counter : UsageCounter.values()) {
            long before = jdbc.sql("select value from workspace_usage where workspace = ? and name = ?")
                    .params(workspace.value(), counter.key())
                    .query(Long.class)
                    .optional()
                    .orElse(0L);
            long now = jdbc.sql(counter.recount())
                    .param("workspace", workspace.value())
                    .query(Long.class)
                    .single();
            if (before != now) {
                jdbc.sql("insert into workspace_usage (workspace, name, value) values (?, ?, ?)"
                                + " on conflict (workspace, name) do update set value = excluded.value")
                        .params(workspace.value(), counter.key(), now)
                        .update();
                corrections.add(new Correction(counter.key(), before, now));
            }
        }
        jdbc.sql("select id, messages, " + MESSAGES + " from agent where workspace = ? and messages <> " + MESSAGES)
                .param(workspace.value())
                .query(row -> {
                    corrections.add(new Correction("messages of " + row.getString(1), row.getLong(2), row.getLong(3)));
                });
        jdbc.sql("update agent set messages = " + MESSAGES + " where workspace = ? and messages <> " + MESSAGES)
                .param(workspace.value())
                .update();
        return corrections;
    }
}
