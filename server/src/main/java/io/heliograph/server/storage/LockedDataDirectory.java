package io.heliograph.server.storage;

import io.heliograph.server.errors.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The data folder, locked for this server, and its database, which a separate thread opens while Spring starts. The
 * caller that opens it closes it.
 */
public final class LockedDataDirectory implements AutoCloseable {
    private final FileChannel lock;
    private final CompletableFuture<Database> database = new CompletableFuture<>();

    private LockedDataDirectory(FileChannel lock) {
        this.lock = lock;
    }

    /**
     * Locks the folder and begins to open the database.
     *
     * @throws StartException when the folder cannot be used, or another server uses it
     */
    public static LockedDataDirectory open(StorageSettings settings) {
        LockedDataDirectory dataDirectory =
                new LockedDataDirectory(DataDirectory.open(settings.data()).lockForServer());
        Thread.ofPlatform().name("database").start(() -> {
            try {
                dataDirectory.database.complete(Database.open(settings, Database.Purpose.SERVER));
            } catch (Throwable failure) { // rethrown by database()
                dataDirectory.database.completeExceptionally(failure);
            }
        });
        return dataDirectory;
    }

    /**
     * Waits for the database. The caller closes it.
     *
     * @throws StartException when it cannot be used
     */
    public Database database() {
        try {
            return database.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw failure;
        }
    }

    /** Closes the database, if it is still open, and then releases the lock of the folder. */
    @Override
    public void close() {
        try {
            database.thenAccept(Database::close).exceptionally(_ -> null).join();
            lock.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
