package io.heliograph.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The folder that holds everything that must outlive the process. */
final class DataFolder {
    private final Path path;

    private DataFolder(Path path) {
        this.path = path;
    }

    /** Makes the folder when it is not there, and makes sure that it can be written. */
    static DataFolder open(String name) {
        try {
            Path path = Path.of(name).toAbsolutePath().normalize();
            Files.createDirectories(path);
            Files.delete(Files.createTempFile(path, "writable", ".tmp"));
            return new DataFolder(path);
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

    Path path() {
        return path;
    }

    /**
     * Makes sure that this is the only server on the folder, until the lock is closed or the process ends, however it
     * ends. Commands such as {@code token} do not take this lock.
     */
    FileChannel lockForServer() {
        FileChannel lock = tryLock("server.lock");
        if (lock == null) {
            throw new StartException("another server is running on the data folder " + path
                    + "; stop it, or choose another folder with --data");
        }
        return lock;
    }

    /** Waits until no other process migrates the database in this folder. */
    FileChannel lockForMigration() {
        try {
            FileChannel channel = channel("migration.lock");
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
            return null; // by another server in this very process, as in tests
        }
    }

    private FileChannel channel(String name) throws IOException {
        return FileChannel.open(path.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static String reason(IOException failure) {
        return failure.getClass().getSimpleName().replace("Exception", "") + ": " + failure.getMessage();
    }
}
