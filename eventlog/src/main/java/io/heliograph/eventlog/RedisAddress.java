package io.heliograph.eventlog;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Redis is, in the forms of Lettuce's URIs:
 *
 * <pre>
 *   redis://[[user]:password@]host[:port][/database]                              ; one server
 *   redis://[[user]:password@]host[:port],host[:port]…                            ; servers of one cluster
 *   redis-sentinel://[[user]:password@]host[:port],host[:port]…[/database]#master ; what these Sentinels call the master
 *   rediss://…, rediss-sentinel://…                                               ; the same over TLS
 * </pre>
 *
 * <p>Special characters of user and password are percent-encoded. Over TLS, {@code ?verifyPeer=CA} checks the certificate but
 * not its host name, and {@code ?verifyPeer=NONE} neither. Immutable; its text never has the password.
 */
public final class RedisAddress {
    private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?";
    private static final Pattern SHAPE = Pattern.compile("(?<scheme>rediss?)(?<sentinel>-sentinel)?://(?:[^@/?#,]*@)?"
            + "(?<hosts>" + HOST + "(?:," + HOST + ")*)(?:/(?<database>[0-9]{0,6}))?"
            + "(?<verify>\\?verifyPeer=(?:NONE|CA|FULL))?(?:#(?<master>[A-Za-z0-9._-]+))?");
    private static final Pattern PORT = Pattern.compile(":([0-9]+)(?:,|$)");
    private static final int MAX_PORT = 65_535;

    private final String text;
    private final Kind kind;
    private final URI uri;

    enum Kind {
        SERVER,
        CLUSTER,
        SENTINEL
    }

    private RedisAddress(String text, Kind kind, URI uri) {
        this.text = text;
        this.kind = kind;
        this.uri = uri;
    }

    /** Empty when {@code text} has not the shape of an address. */
    public static Optional<RedisAddress> parse(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches() || !portsAreValid(shape.group("hosts"))) {
            return Optional.empty();
        }
        boolean sentinel = shape.group("sentinel") != null;
        boolean cluster = !sentinel && shape.group("hosts").contains(",");
        String database = Optional.ofNullable(shape.group("database")).orElse("");
        boolean tls = shape.group("scheme").equals("rediss");
        if (sentinel != (shape.group("master") != null)
                || (!tls && shape.group("verify") != null)
                || (cluster && !database.isEmpty())) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text);
            Kind kind = sentinel ? Kind.SENTINEL : cluster ? Kind.CLUSTER : Kind.SERVER;
            String shown = shape.group("scheme")
                    + (sentinel ? "-sentinel" : "")
                    + "://"
                    + shape.group("hosts")
                    + (database.isEmpty() ? "" : "/" + database)
                    + (sentinel ? "#" + shape.group("master") : "");
            RedisAddress address = new RedisAddress(shown, kind, uri);
            // Lettuce must understand it too.
            return address.servers().isEmpty() ? Optional.empty() : Optional.of(address);
        } catch (URISyntaxException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static boolean portsAreValid(String hosts) {
        return PORT.matcher(hosts)
                .results()
                .mapToInt(port -> Integer.parseInt(port.group(1)))
                .allMatch(port -> port > 0 && port <= MAX_PORT);
    }

    Kind kind() {
        return kind;
    }

    /** Buses meet when they name the same one. */
    int database() {
        return servers().getFirst().getDatabase();
    }

    /** Each of them reaches the whole bus. New objects at each call: they can be changed. */
    List<RedisURI> servers() {
        return kind == Kind.CLUSTER ? RedisClusterURIUtil.toRedisURIs(uri) : List.of(RedisURI.create(uri));
    }

    @Override
    public String toString() {
        return text;
    }
}
