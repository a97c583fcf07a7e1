package io.heliograph.spring;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.Authentication;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Short-lived tokens for clients that sign in with a session of the application: a controller behind the application's own
 * security chain issues one, and the page presents it as {@code auth.token}.
 *
 * <pre>{@code
 * @PostMapping("/socket-ticket")
 * Map<String, String> ticket(Principal user) {
 *     return Map.of("token", tickets.issue(tenantOf(user), user.getName()));
 * }
 * }</pre>
 *
 * <p>A socket is closed with {@code token_expired} when its ticket ends, and the client connects with a new one: so a session
 * that has ended keeps its sockets for {@code heliograph.tickets.validity} at most. There is a bean of this type when
 * {@code heliograph.tickets.enabled} is true. Safe from any thread.
 */
public final class SocketTickets implements TokenVerifier {
    private static final String PREFIX = "ht1.";
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final Duration validity;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    SocketTickets(HeliographProperties.Tickets settings, InstantSource clock) {
        this.key = new SecretKeySpec(
                settings.key().isEmpty() ? randomKey() : settings.key().getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.validity = settings.validity();
        this.clock = clock;
    }

    /**
     * A ticket for one member of one workspace, to be given to that member only.
     *
     * @throws IllegalArgumentException when the workspace is not 1 to 64 characters of {@code A-Z a-z 0-9 _ -}, or the
     *     member is empty
     */
    public String issue(String workspace, String member) {
        if (member.isEmpty()) {
            throw new IllegalArgumentException("member is empty, expected the name of the signed-in member");
        }
        byte[] id = new byte[8];
        random.nextBytes(id);
        String claims = new WorkspaceId(workspace) + " "
                + clock.instant().plus(validity).getEpochSecond() + " "
                + HexFormat.of().formatHex(id) + " " + member;
        String encoded = encode(claims.getBytes(StandardCharsets.UTF_8));
        return PREFIX + encoded + "." + encode(sign(encoded));
    }

    static boolean isTicket(String token) {
        return token.startsWith(PREFIX);
    }

    @Override
    public Authentication verify(String token) {
        String[] parts = token.split("\\.", -1);
        if (!isTicket(token) || parts.length != 3) {
            return Tokens.invalid("The token is no ticket of this application");
        }
        try {
            if (!MessageDigest.isEqual(sign(parts[1]), Base64.getUrlDecoder().decode(parts[2]))) {
                return Tokens.invalid("The ticket was not issued by this application, or before its last start");
            }
            String[] claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8).split(" ", 4);
            Instant end = Instant.ofEpochSecond(Long.parseLong(claims[1]));
            return clock.instant().isBefore(end)
                    ? Tokens.accepted(new WorkspaceId(claims[0]), claims[3], claims[2], Optional.of(end))
                    : Tokens.expired();
        } catch (IllegalArgumentException | DateTimeException malformed) {
            return Tokens.invalid("The ticket is malformed");
        }
    }

    private byte[] sign(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] randomKey() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
