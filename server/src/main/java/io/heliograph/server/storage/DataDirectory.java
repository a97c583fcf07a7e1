package io.heliograph.server.storage;

import io.heliograph.server.errors.StartException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data folder, with everything that must survive a restart. */
public final class DataDirectory {
    static final String DATABASE = "heliograph.db";
    private static final String FIRST_RUN = "first-run.txt";
    private static final String SERVER_LOCK = "server.lock";
    private static final String MIGRATION_LOCK = "migration.lock";
    private static final List<String> FILES = List.of(
            DATABASE, DATABASE + "-wal", DATABASE + "-shm", "token-secret", FIRST_RUN, SERVER_LOCK, MIGRATION_LOCK);
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

    private final Path path;

    private DataDirectory(Path path) {
        this.path = path;
    }

    /**
     * Creates the folder if it does not exist, checks that it is writable, and restricts it and its files to their
     * owner.
     */
    static DataDirectory open(String name) {
        try {
            Path path = Path.of(name).toAbsolutePath().normalize();
            Files.createDirectories(path, OwnerOnly.folder());
            Files.delete(Files.createTempFile(path, "writable", ".tmp"));
            narrow(path);
            return new DataDirectory(path);
        } catch (InvalidPathException failure) {
            throw new StartException("the data folder \"" + name + "\" is no path: " + failure.getReason(), failure);
        } catch (FileAlreadyExistsException failure) {
            throw new StartException(
                    "the data folder " + name + " cannot be made: " + failure.getFile()
                            + " is a file; choose another folder with --data",
                    failure);
        } catch (IOException failure) {
            throw new StartException(
                    "the data folder " + name + " cannot be written (" + reason(failure)
                            + "); choose another with --data, or change who may write there",
                    failure);
        }
    }

    /** The existing folder of a server; nothing is created. */
    static DataDirectory existing(String name) {
        try {
            Path path = Path.of(name).toAbsolutePath().normalize();
            if (Files.isDirectory(path)) {
                return new DataDirectory(path);
            }
            throw new StartException("there is no data folder " + path
                    + "; start the server on it first, or name the right folder with --data");
        } catch (InvalidPathException failure) {
            throw new StartException("the data folder \"" + name + "\" is no path: " + failure.getReason(), failure);
        }
    }

    private static void narrow(Path folder) throws IOException {
        List<String> narrowed = new ArrayList<>();
        if (OwnerOnly.narrow(folder)) {
            narrowed.add(folder.toString());
        }
        for (String name : FILES) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && OwnerOnly.narrow(file)) {
                narrowed.add(name);
            }
        }
        if (!narrowed.isEmpty()) {
            LOG.info("Other users could read or write {}: only its owner can now", String.join(", ", narrowed));
        }
    }

    public Path path() {
        return path;
    }

    /** The embedded database. SQLite creates its other files with the same permissions. */
    Path database() {
        return path.resolve(DATABASE);
    }

    /** Creates an empty database file if there is none, so that its permissions are not SQLite's defaults. */
    void createDatabase() {
        try {
            OwnerOnly.create(database());
        } catch (IOException failure) {
            throw new StartException("the database " + database() + " cannot be made: " + reason(failure), failure);
        }
    }

    /** The file for the first key and the sign-in link when there is no terminal. */
    public Path firstRun() {
        return path.resolve(FIRST_RUN);
    }

    /**
     * Ensures that this is the only server on the folder until the lock is closed or the process ends. Commands such as
     * {@code token} do not take this lock.
     */
    FileChannel lockForServer() {
        FileChannel lock = tryLock(SERVER_LOCK);
        if (lock == null) {
            throw new StartException("another server is running on the data folder " + path
                    + "; stop it, or choose another folder with --data");
        }
        return lock;
    }

    /** Runs {@code action} unless a server uses the folder, and prevents a server from starting until it returns. */
    void whileNoServerRuns(Runnable action) {
        try (FileChannel lock = tryLock(SERVER_LOCK)) {
            if (lock != null) {
                action.run();
            }
        } catch (IOException failure) {
            throw new StartException("the data folder " + path + " cannot be locked: " + reason(failure), failure);
        }
    }

    /** Waits until no other process migrates the database in this folder. */
    FileChannel lockForMigration() {
        try {
            FileChannel channel = channel(MIGRATION_LOCK);
            channel.lock();
            return channel;
        } catch (IOException failure) {
            throw new StartException("the data folder " + path + " cannot be locked: " + reason(failure), failure);
        }
    }

    private @Nullable FileChannel tryLock(String name) {
        try {
            FileChannel channel = channel(name);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                return null;
            }
            return channel;
        } catch (IOException failure) {
            throw new StartException("the data folder " + path + " cannot be locked: " + reason(failure), failure);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // held by another server in the same process, as in tests
        }
    }

    private FileChannel channel(String name) throws IOException {
        return FileChannel.open(
                path.resolve(name), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OwnerOnly.file());
    }

    private static String reason(IOException failure) {
        return failure.getClass().getSimpleName().replace("Exception", "") + ": " + failure.getMessage();
    }
}
