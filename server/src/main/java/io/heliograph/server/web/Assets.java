package io.heliograph.server.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The dashboard's files, from the jar or from a folder, kept in memory with their compressed form. Files in the jar are
 * read once; those of a folder again when they have changed. Safe from any thread; a first {@link #find} blocks on
 * input.
 */
final class Assets {
    private static final String IN_JAR = "/static";
    /** No segment begins with a dot, so no path leads out of the folder. */
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_@+~-][A-Za-z0-9._@+~-]*)+");

    private static final int COMPRESS_FROM = 1_024;

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html;charset=UTF-8"),
            Map.entry("js", "text/javascript;charset=UTF-8"),
            Map.entry("mjs", "text/javascript;charset=UTF-8"),
            Map.entry("css", "text/css;charset=UTF-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("txt", "text/plain;charset=UTF-8"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff2", "font/woff2"));

    private final Optional<Path> folder;
    /** Only files that exist have an entry, so it is bounded by their number. */
    private final Map<String, Asset> loaded = new ConcurrentHashMap<>();

    private Assets(Optional<Path> folder) {
        this.folder = folder;
    }

    /** The files of {@code folder}, or of the jar when it is empty. */
    static Assets of(String folder) {
        return new Assets(folder.isEmpty() ? Optional.empty() : Optional.of(Path.of(folder)));
    }

    /**
     * A file with its encodings.
     *
     * @param gzip empty when compressing does not pay
     * @param etag of the file as it is, with its quotes
     * @param gzipEtag of the compressed form
     * @param modifiedMillis of a file in a folder; 0 in the jar
     */
    @SuppressWarnings("ArrayRecordComponent") // shared, never written to, never compared
    record Asset(String type, byte[] bytes, Optional<byte[]> gzip, String etag, String gzipEtag, long modifiedMillis) {}

    /** The file at {@code path}, which begins with a slash; empty when there is none. */
    Optional<Asset> find(String path) {
        if (!PATH.matcher(path).matches()) {
            return Optional.empty();
        }
        try {
            return folder.isPresent() ? inFolder(folder.get(), path) : inJar(path);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Optional<Asset> inJar(String path) throws IOException {
        Asset known = loaded.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        try (@Nullable InputStream input = Assets.class.getResourceAsStream(IN_JAR + path)) {
            return input == null ? Optional.empty() : Optional.of(keep(path, input.readAllBytes(), 0));
        }
    }

    private Optional<Asset> inFolder(Path root, String path) throws IOException {
        Path file = root.resolve(path.substring(1));
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            long modified = Files.getLastModifiedTime(file).toMillis();
            Asset known = loaded.get(path);
            return Optional.of(
                    known != null && known.modifiedMillis == modified
                            ? known
                            : keep(path, Files.readAllBytes(file), modified));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private Asset keep(String path, byte[] bytes, long modified) throws IOException {
        String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
        Asset asset = new Asset(type, bytes, compress(type, bytes), etag(bytes, ""), etag(bytes, "-gzip"), modified);
        loaded.put(path, asset);
        return asset;
    }

    private static Optional<byte[]> compress(String type, byte[] bytes) throws IOException {
        boolean text = type.startsWith("text/") || type.contains("json") || type.contains("svg");
        if (!text || bytes.length < COMPRESS_FROM) {
            return Optional.empty();
        }
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        }
        return Optional.of(compressed.toByteArray());
    }

    private static String etag(byte[] bytes, String coding) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "\"" + HexFormat.of().formatHex(hash, 0, 12) + coding + "\"";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
