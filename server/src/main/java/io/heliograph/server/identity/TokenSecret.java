package io.heliograph.server.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret that signs tokens, kept in a file of the data folder that only its owner can read. */
final class TokenSecret {
    private static final int BYTES = 32;
    private static final String HMAC = "HmacSHA256";

    private TokenSecret() {}

    /** The secret in {@code file}, made when there is none; two processes that start at once get the same. */
    static byte[] load(Path file) {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            return Base64.getUrlDecoder()
                    .decode(Files.readString(file, US_ASCII).strip());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A fingerprint of the secret, which does not reveal it. */
    static String fingerprint(byte[] secret) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal("heliograph token secret".getBytes(US_ASCII)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("each JVM has " + HMAC, impossible);
        }
    }

    /** Writes a temporary file and links it, so that the name appears with the whole content or exists already. */
    private static void make(Path file) throws IOException {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), "token-secret", ".tmp", ownerOnly());
        try {
            Files.writeString(draft, Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n", US_ASCII);
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException _) {
            // Another process was first; its secret is used.
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
