package io.heliograph.server.storage;

import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.LogMetrics;
import io.heliograph.server.errors.StartException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Backups of the embedded database. A restore replaces the file atomically and only then moves the former write-ahead
 * log away: after an interruption the former database is intact, or the next start rejects the log.
 */
public final class SqliteBackup {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final StorageSettings settings;

    private SqliteBackup(StorageSettings settings) {
        this.settings = settings;
    }

    /**
     * The backups of the embedded database that the settings name.
     *
     * @throws StartException when the database is not an embedded one
     */
    public static SqliteBackup in(Map<String, String> overrides) {
        System.setProperty("heliograph.log-target", "System.err"); // see logback.xml
        StorageSettings settings = SettingsReader.load(overrides).bind(StorageSettings.class);
        if (!settings.databaseUrl().isEmpty()) {
            throw new StartException("this command is for the embedded database; back PostgreSQL up and restore it with"
                    + " its own tools, such as pg_dump, and run ./heliograph rotate-epochs after a restore");
        }
        return new SqliteBackup(settings);
    }

    /** Writes a snapshot to {@code target}, which must not exist. A server may be running. */
    public void write(Path target) {
        DataDirectory folder = DataDirectory.existing(settings.data());
        if (!Files.exists(folder.database())) {
            throw new StartException("there is no database in " + folder.path());
        }
        folder.whileNoServerRuns(() -> SqliteWal.check(folder.database()));
        Path draft = target.resolveSibling(target.getFileName() + ".tmp");
        try {
            Files.createFile(draft, OwnerOnly.file());
            try {
                vacuumInto(folder.database(), draft);
                force(draft);
                if (Files.exists(target)) {
                    throw new FileAlreadyExistsException(target.toString());
                }
                Files.move(draft, target);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (FileAlreadyExistsException failure) {
            throw new StartException(failure.getFile() + " exists; choose another file", failure);
        } catch (IOException | SQLException failure) {
            throw new StartException("the backup cannot be written to " + target + ": " + reason(failure), failure);
        }
    }

    private static void vacuumInto(Path database, Path target) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database.toUri() + "?mode=ro");
                PreparedStatement vacuum = connection.prepareStatement("vacuum into ?")) {
            vacuum.setString(1, target.toString());
            vacuum.execute();
        }
    }

    /**
     * Replaces the database by {@code backup}, whose logs get new epochs before.
     *
     * @return the folder that holds the former database now, if there was one
     */
    public Optional<Path> restore(Path backup) {
        if (!Files.isRegularFile(backup)) {
            throw new StartException("there is no file " + backup);
        }
        Path log = SqliteWal.log(backup);
        try {
            if (Files.exists(log) && Files.size(log) > 0) {
                throw new StartException(backup + " has a write-ahead log beside it, so it is no backup but part of a"
                        + " database; make a backup of it with ./heliograph backup");
            }
            DataDirectory folder = DataDirectory.open(settings.data());
            try (FileChannel _ = folder.lockForServer()) {
                Path staging = folder.path().resolve("restoring");
                delete(staging);
                prepare(backup, Files.createDirectory(staging, OwnerOnly.folder()));
                Optional<Path> former = replace(folder, staging.resolve(DataDirectory.DATABASE));
                delete(staging);
                return former;
            }
        } catch (IOException failure) {
            throw new StartException(backup + " cannot be restored: " + reason(failure), failure);
        }
    }

    /** Copies, checks, brings to this build's schema and gives new epochs. */
    private void prepare(Path backup, Path staging) throws IOException {
        Path copy = staging.resolve(DataDirectory.DATABASE);
        OwnerOnly.create(copy);
        try (InputStream in = Files.newInputStream(backup);
                OutputStream out = Files.newOutputStream(copy)) {
            in.transferTo(out);
        }
        requireWhole(backup, copy);
        StorageSettings there = new StorageSettings(staging.toString(), "", "", "", settings.walCheckpointSize());
        try (Storage storage =
                new Storage(Database.open(there, Database.Purpose.COMMAND), new LocalBus(), LogMetrics.NONE)) {
            storage.log().newEpochs();
        }
        force(copy);
    }

    private static void requireWhole(Path backup, Path copy) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy.toUri() + "?immutable=1");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("pragma quick_check(1)")) {
            if (!result.next() || !"ok".equals(result.getString(1))) {
                throw new StartException(backup + " is damaged: " + result.getString(1));
            }
        } catch (SQLException failure) {
            throw new StartException(backup + " is no database: " + failure.getMessage(), failure);
        }
    }

    private static Optional<Path> replace(DataDirectory folder, Path prepared) throws IOException {
        Path database = folder.database();
        if (!Files.exists(database)) {
            Files.move(prepared, database, StandardCopyOption.ATOMIC_MOVE);
            moveLog(folder, "stale");
            return Optional.empty();
        }
        Path former = aside(folder, "replaced");
        Files.createLink(former.resolve(DataDirectory.DATABASE), database);
        Files.move(prepared, database, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        moveLog(folder, former);
        return Optional.of(former);
    }

    /** Moves a log that does not belong to the database away, and returns where it is; empty when there is none. */
    public Optional<Path> discardWal() {
        DataDirectory folder = DataDirectory.existing(settings.data());
        try (FileChannel _ = folder.lockForServer()) {
            return moveLog(folder, "discarded");
        } catch (IOException failure) {
            throw new StartException("the write-ahead log cannot be moved: " + reason(failure), failure);
        }
    }

    private static Optional<Path> moveLog(DataDirectory folder, String name) throws IOException {
        if (!Files.exists(SqliteWal.log(folder.database()))) {
            return Optional.empty();
        }
        Path to = aside(folder, name);
        moveLog(folder, to);
        return Optional.of(to);
    }

    private static void moveLog(DataDirectory folder, Path to) throws IOException {
        for (String suffix : List.of("-wal", "-shm")) {
            String name = DataDirectory.DATABASE + suffix;
            try {
                Files.move(folder.path().resolve(name), to.resolve(name));
            } catch (NoSuchFileException _) {
                // A database that was closed has none.
            }
        }
    }

    private static Path aside(DataDirectory folder, String name) throws IOException {
        return Files.createDirectory(
                folder.path().resolve(name + "-" + TIME.format(Instant.now())), OwnerOnly.folder());
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static String reason(Exception failure) {
        return failure.getClass().getSimpleName().replace("Exception", "") + ": " + failure.getMessage();
    }
}
