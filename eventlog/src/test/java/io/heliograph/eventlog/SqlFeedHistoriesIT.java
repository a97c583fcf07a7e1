package io.heliograph.eventlog;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The random lives of {@link FeedHistoriesTest} on a real log in SQLite. Fewer, because each takes longer; more with
 * {@code -Dtest.jvm.args=-Dhistories=20000}, and the same again with {@code -Dhistories.seed=…}.
 */
class SqlFeedHistoriesIT {

    @Test
    void historiesAreRightOnARealLog(@TempDir Path folder) {
        long seed = Long.getLong("histories.seed", new Random().nextLong());
        int count = Integer.getInteger("histories", 150);
        System.out.println("histories on SQLite: " + count + ", seed " + seed);
        try (SqliteDataSources sources = SqliteDataSources.open(folder.resolve("log.db"))) {
            Flyway.configure()
                    .dataSource(sources.writer())
                    .locations("classpath:io/heliograph/eventlog/migration")
                    .load()
                    .migrate();
            Random random = new Random(seed);
            for (int i = 0; i < count; i++) {
                live(sources, Worlds.random(random), i);
            }
        }
    }

    private static void live(SqliteDataSources sources, Worlds.World world, int number) {
        List<WorkspaceId> workspaces = List.of(new WorkspaceId("a" + number), new WorkspaceId("b" + number));
        SqlTestLog[] log = new SqlTestLog[1];
        FeedWorld.Logs logs = wires -> {
            log[0] = new SqlTestLog(SqlEventLog.sqlite(sources)
                    .clock(wires.time()::now)
                    .bus(wires.bus())
                    .build());
            return log[0];
        };
        try (FeedWorld feeds = new FeedWorld(logs, world.settings(), workspaces)) {
            feeds.run(world.steps());
            feeds.check();
        } catch (AssertionError e) {
            throw new AssertionError("history " + number + ": " + world, e);
        } finally {
            log[0].close();
        }
    }
}
