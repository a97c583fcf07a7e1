package io.heliograph.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OutageLogFilterTest {
    private final LoggerContext context = new LoggerContext();
    private final OutageLogFilter filter = new OutageLogFilter();
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final Logger log = context.getLogger("io.heliograph.Some");

    @BeforeEach
    void start() {
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        filter.setContext(context);
        context.addTurboFilter(filter);
        written.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(written);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private List<String> lines() {
        return List.copyOf(written.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static Exception outage() {
        return new IllegalStateException("outer", new SQLException("the database is away\nsecond line"));
    }

    @Test
    void oneLineForEachKindAndThenTheirNumber() {
        filter.setPeriodMillis(1_000);
        for (int i = 0; i < 300; i++) {
            log.warn("read {} failed", i, outage());
        }
        log.error("write failed", outage());

        assertThat(lines())
                .containsExactly("read 0 failed: the database is away", "write failed: the database is away");
        assertThat(written.list)
                .allSatisfy(event -> assertThat(event.getThrowableProxy()).isNull());
        await().until(() -> lines().contains("299 times more in the last 1 s: read {} failed"));
        log.warn("read {} failed", 300, outage());
        assertThat(lines()).contains("read 300 failed: the database is away");
    }

    @Test
    void thePoolsOwnWarningsAreCountedToo() {
        Logger pool = context.getLogger("com.zaxxer.hikari.pool.PoolBase");
        for (int i = 0; i < 300; i++) {
            pool.warn("connection {} is broken", i);
        }

        assertThat(lines()).containsExactly("connection 0 is broken");
    }

    @Test
    void everythingElseIsLoggedAsEver() {
        Exception fault = new IllegalStateException("a fault of ours");
        log.warn("it failed", fault);
        log.warn("it failed", fault);
        log.info("the database answers", outage());

        assertThat(lines()).containsExactly("it failed", "it failed", "the database answers");
    }

    @Test
    void aLoggerAtDebugLogsAllWithTheirStackTraces() {
        log.setLevel(Level.DEBUG);
        log.warn("read failed", outage());
        log.warn("read failed", outage());

        assertThat(written.list)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getThrowableProxy()).isNotNull());
    }
}
