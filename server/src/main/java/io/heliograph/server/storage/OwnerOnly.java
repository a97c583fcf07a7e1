package io.heliograph.server.storage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Permissions for the owner only: 0700 for folders, 0600 for files. Without POSIX they stay unchanged. */
public final class OwnerOnly {
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private OwnerOnly() {}

    /** For a folder to be made. */
    static FileAttribute<?>[] folder() {
        return attributes(FOLDER);
    }

    /** For a file to be made. */
    static FileAttribute<?>[] file() {
        return attributes(FILE);
    }

    /** Makes an empty file when there is none. */
    public static void create(Path file) throws IOException {
        try {
            Files.createFile(file, file());
        } catch (FileAlreadyExistsException _) {
            narrow(file);
        }
    }

    /** Removes the permissions of others; returns true when there were any. */
    static boolean narrow(Path path) throws IOException {
        if (!POSIX) {
            return false;
        }
        Set<PosixFilePermission> least = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? FOLDER : FILE;
        if (least.containsAll(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS))) {
            return false;
        }
        Files.setPosixFilePermissions(path, least);
        return true;
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
