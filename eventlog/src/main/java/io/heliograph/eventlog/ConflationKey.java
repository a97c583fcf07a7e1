package io.heliograph.eventlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Names the events of one log of which a client that resumes needs only the newest: those of the same type, topic,
 * audience and key. A digest, so that it is short whatever the parts are.
 *
 * <p>Shape: 24 characters of base64url. Immutable.
 */
public record ConflationKey(String value) {
    private static final int BYTES = 18;

    public static ConflationKey of(String type, Optional<String> topic, Audience audience, String key) {
        MessageDigest digest = sha256();
        update(digest, type);
        update(digest, topic.orElse(""));
        update(
                digest,
                switch (audience) {
                    case Audience.Everyone everyone -> "";
                    case Audience.Member(String memberId) -> memberId;
                });
        update(digest, key);
        return new ConflationKey(
                Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest.digest(), BYTES)));
    }

    /** With its length before it, so that no two lists of parts are the same bytes. */
    private static void update(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(UTF_8);
        digest.update((bytes.length + ":").getBytes(UTF_8));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
