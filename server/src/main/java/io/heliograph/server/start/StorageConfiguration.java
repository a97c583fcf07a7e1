package io.heliograph.server.start;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.Ticker;
import io.heliograph.server.deadlines.DueWork;
import io.heliograph.server.identity.ChangeLog;
import io.heliograph.server.identity.Identity;
import io.heliograph.server.identity.IdentitySettings;
import io.heliograph.server.operations.DatabaseProbe;
import io.heliograph.server.retention.RetentionSettings;
import io.heliograph.server.retention.RetentionTask;
import io.heliograph.server.storage.BusSettings;
import io.heliograph.server.storage.Database;
import io.heliograph.server.storage.DerivedTables;
import io.heliograph.server.storage.LockedDataDirectory;
import io.heliograph.server.storage.MeteredBus;
import io.heliograph.server.storage.MeteredLog;
import io.heliograph.server.storage.NodeBus;
import io.heliograph.server.storage.SqliteWal;
import io.heliograph.server.storage.Storage;
import io.heliograph.server.storage.StorageSettings;
import io.heliograph.server.storage.TracedLog;
import io.heliograph.server.web.IdempotencyRetention;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import java.time.Clock;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Wires the storage on the {@link LockedDataDirectory} that {@link Server} opens. Beans that depend on it are closed
 * before it.
 */
@Configuration(proxyBeanMethods = false)
class StorageConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Ticker ticker() {
        return Ticker.system();
    }

    @Bean
    Storage storage(
            LockedDataDirectory dataDirectory,
            StorageSettings settings,
            BusSettings busSettings,
            MeterRegistry registry) {
        Database database = dataDirectory.database();
        Bus bus = NodeBus.open(busSettings, settings, new MeteredBus(registry));
        registry.gauge("heliograph.bus.connected", bus, present -> present.connected() ? 1 : 0);
        registry.gauge("heliograph.bus.queued.bytes", bus, Bus::queuedBytes);
        Storage storage = new Storage(database, bus, new MeteredLog(registry));
        registry.gauge("heliograph.log.waiting", storage.log(), SqlEventLog::waiting);
        storage.wal()
                .ifPresent(wal -> Gauge.builder("heliograph.database.wal", wal, SqliteWal::bytes)
                        .description("Size of SQLite's write-ahead log")
                        .baseUnit("bytes")
                        .register(registry));
        return storage;
    }

    @Bean(destroyMethod = "") // the storage's
    EventLog eventLog(Storage storage, ObjectProvider<Tracer> tracer) {
        return tracer.stream()
                .<EventLog>map(traced -> new TracedLog(storage.log(), traced))
                .findAny()
                .orElseGet(storage::log);
    }

    @Bean(destroyMethod = "") // the storage's
    Bus bus(Storage storage) {
        return storage.bus();
    }

    @Bean
    DatabaseProbe databaseProbe(Storage storage) {
        return storage::isWritable;
    }

    @Bean
    static RetentionTask storedAnswerRetention(IdempotencyRetention answers) {
        return RetentionTask.of(
                "answers",
                () -> DueWork.run(
                        RetentionTask.STEP,
                        answers::old,
                        Function.identity(),
                        (workspace, old) -> answers.remove(workspace, old.size())));
    }

    @Bean
    RetentionTask eventRetention(Storage storage, RetentionSettings settings) {
        return RetentionTask.of("events", () -> storage.log().retain(settings.retention()));
    }

    @Bean
    DerivedTables derivedTables(Storage storage) {
        return storage.derivedTables();
    }

    @Bean
    JdbcClient jdbcClient(Storage storage) {
        return storage.jdbc();
    }

    @Bean
    Identity identity(Storage storage, IdentitySettings settings, ChangeLog changes, Clock clock) {
        Identity identity = Identity.open(
                storage.log(), storage.jdbc(), settings, storage.folder().path(), changes, clock);
        TokenSecretCheck.checkAtStart(storage, identity.secretFingerprint());
        return identity;
    }
}
