package io.heliograph.server.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Ticker;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The parts of authentication, wired on one database, for the server and for the command line. The caller that opens it
 * closes it. Safe from any thread.
 */
public final class Identity implements AutoCloseable {
    private final String secretFingerprint;
    private final EventLog log;
    private final JdbcClient jdbc;
    private final Tokens tokens;
    private final RevocationFeed revocations;
    private final IdentitySettings settings;
    private final ChangeLog changes;
    private final Clock clock;

    private Identity(
            EventLog log, JdbcClient jdbc, byte[] secret, IdentitySettings settings, ChangeLog changes, Clock clock) {
        this.secretFingerprint = TokenSecret.fingerprint(secret);
        this.log = log;
        this.jdbc = jdbc;
        this.tokens = new Tokens(secret, clock);
        this.settings = settings;
        this.changes = changes;
        this.clock = clock;
        revocations = new RevocationFeed(jdbc, Ticker.system());
    }

    /** Wires identity on a migrated database. The token secret is the setting, or a file in {@code data}. */
    public static Identity open(
            EventLog log, JdbcClient jdbc, IdentitySettings settings, Path data, ChangeLog changes, Clock clock) {
        byte[] secret = settings.tokenSecret().isEmpty()
                ? TokenSecret.load(data.resolve("token-secret"))
                : settings.tokenSecret().getBytes(UTF_8);
        return new Identity(log, jdbc, secret, settings, changes, clock);
    }

    /** Distinguishes token secrets without revealing them. */
    public String secretFingerprint() {
        return secretFingerprint;
    }

    public Administration administration() {
        return new Administration(log, jdbc, tokens, revocations, settings, changes);
    }

    public Credentials credentials() {
        return new Credentials(jdbc, tokens, clock);
    }

    Tokens tokens() {
        return tokens;
    }

    RevocationFeed revocations() {
        return revocations;
    }

    @Override
    public void close() {
        revocations.close();
    }
}
