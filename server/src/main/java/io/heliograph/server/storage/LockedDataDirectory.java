package io.heliograph.server.storage;

import io.heliograph.server.errors.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The data folder, locked for this server, and the database in it, being opened on a thread of its own while Spring
 * reads the classes: the two take about the same time. Whoever lays one closes it, and only it.
 */
public final class LockedDataDirectory implements AutoCloseable {
    private final FileChannel lock;
    private final CompletableFuture<Database> database = new CompletableFuture<>();

    private LockedDataDirectory(FileChannel lock) {
        this.lock = lock;
    }

    /**
     * Takes the folder and begins to open the database.
     *
     * @throws StartException when the folder cannot be used, or another server uses it
     */
    public static LockedDataDirectory open(StorageSettings settings) {
        LockedDataDirectory dataDirectory =
                new LockedDataDirectory(DataDirectory.open(settings.data()).lockForServer());
        Thread.ofPlatform().name("database").start(() -> {
            try {
                dataDirectory.database.complete(Database.open(settings, Database.Purpose.SERVER));
            } catch (Throwable failure) { // told to whoever waits for the database
                dataDirectory.database.completeExceptionally(failure);
            }
        });
        return dataDirectory;
    }

    /**
     * Waits for the database, which from now on is the caller's to close.
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

    /** Closes the database, in case nobody has, and then lets go of the folder. */
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
