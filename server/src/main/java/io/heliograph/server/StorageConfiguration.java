package io.heliograph.server;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.server.workspaces.Identity;
import io.heliograph.server.workspaces.IdentitySettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.channels.FileChannel;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the database and what stands on it. What depends on it is closed before it. */
@Configuration(proxyBeanMethods = false)
class StorageConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** One server at a time on a data folder: the lock is taken before anything there is opened. */
    @Bean
    FileChannel serverLock(StorageSettings settings) {
        return DataFolder.open(settings.data()).lockForServer();
    }

    @Bean
    Storage storage(StorageSettings settings, FileChannel serverLock, MeterRegistry registry) {
        Storage storage = Storage.open(settings, new MeteredLog(registry));
        registry.gauge("heliograph.log.waiting", storage.log(), SqlEventLog::waiting);
        return storage;
    }

    @Bean(destroyMethod = "") // the storage's
    EventLog eventLog(Storage storage) {
        return storage.log();
    }

    @Bean(destroyMethod = "") // the storage's
    Bus bus(Storage storage) {
        return storage.bus();
    }

    @Bean
    JdbcClient jdbcClient(Storage storage) {
        return storage.jdbc();
    }

    @Bean
    Identity identity(Storage storage, IdentitySettings settings, Clock clock) {
        return Identity.open(
                storage.log(), storage.jdbc(), settings, storage.folder().path(), clock);
    }
}
