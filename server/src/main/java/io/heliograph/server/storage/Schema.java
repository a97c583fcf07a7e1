package io.heliograph.server.storage;

import io.heliograph.server.errors.StartException;
import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;

/**
 * Migrates the database to the schema of this build: the log's migrations (V1 to V99) and the server's (from V100). A
 * database that this build cannot migrate is rejected before anything in it is changed.
 */
final class Schema {
    private final Flyway flyway;

    Schema(DataSource dataSource, String... locations) {
        flyway = Flyway.configure(Schema.class.getClassLoader())
                .dataSource(dataSource)
                .locations(locations)
                // The versions of the log and of the server are independent ranges.
                .outOfOrder(true)
                .validateOnMigrate(false) // done here, in words
                .failOnMissingLocations(true)
                .executeInTransaction(true)
                .load();
    }

    /** Does nothing when the schema is up to date. */
    void migrate() {
        try {
            MigrationInfo[] all = flyway.info().all();
            check(all);
            if (Arrays.stream(all).anyMatch(migration -> !migration.getState().isApplied())) {
                flyway.migrate();
            }
        } catch (FlywayException failure) {
            throw new StartException(
                    "the database cannot be brought to this build's schema: " + firstLine(failure), failure);
        }
    }

    /** Whether no migration was ever applied. */
    boolean isMissing() {
        return Arrays.stream(flyway.info().all())
                .noneMatch(migration -> migration.getState().isApplied());
    }

    private static void check(MigrationInfo[] all) {
        for (MigrationInfo migration : all) {
            MigrationState state = migration.getState();
            String version = String.valueOf(migration.getVersion());
            if (state == MigrationState.FUTURE_SUCCESS || state == MigrationState.FUTURE_FAILED) {
                throw new StartException("the database has schema version " + version
                        + ", which is newer than this build's (" + newest(all)
                        + "); start the newer build that made it, or use another data folder");
            }
            if (state == MigrationState.MISSING_SUCCESS || state == MigrationState.MISSING_FAILED) {
                throw new StartException("the database has schema version " + version
                        + ", which is too old for this build to go on from; start a build in between first, or use"
                        + " another data folder");
            }
            if (state.isFailed()) {
                throw new StartException("the database was left half-way by a migration to schema version " + version
                        + "; restore it from a back-up");
            }
            if (state.isApplied() && !migration.isChecksumMatching()) {
                throw new StartException("the database has a schema version " + version
                        + " that differs from this build's; it was made by a build that was never released");
            }
        }
    }

    private static MigrationVersion newest(MigrationInfo[] all) {
        return Arrays.stream(all)
                .filter(migration -> migration.getState().isResolved())
                .map(MigrationInfo::getVersion)
                .max(MigrationVersion::compareTo)
                .orElse(MigrationVersion.EMPTY);
    }

    private static String firstLine(FlywayException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
