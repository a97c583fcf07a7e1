package io.heliograph.engineio;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Every limit and option of an Engine.IO server.
 *
 * <p>Threading: immutable. A bad value is refused when the settings are built, with the name of the setting, what was seen
 * and what is allowed.
 *
 * @param path what this server keeps for itself; begins with {@code /}, and ends with it unless {@code addTrailingSlash} is
 *     off; empty: {@code /engine.io/}, or {@code /socket.io/} for a Socket.IO server
 * @param addTrailingSlash whether the path ends with {@code /}; without, clients with {@code addTrailingSlash: false} are
 *     served too, which ask for {@code /engine.io?…}. Source: Node's engine.io, {@code addTrailingSlash}
 * @param pingInterval from one pong to the next ping
 * @param pingTimeout from a ping until the session is given up
 * @param upgradeTimeout from a WebSocket's probe connection until its upgrade packet
 * @param requestTimeout from the first line of one of our HTTP requests to its last byte
 * @param closeTimeout how long a closed session waits for its peer to fetch the last packets, or to answer a close frame
 * @param maxPayload most bytes of one polling body or one WebSocket message, both ways as the open packet announces it
 * @param maxOutboundBytes most bytes that may wait for one session when the next message comes; past it the session ends as
 *     {@link CloseReason#SLOW_CONSUMER}
 * @param maxSessions most sessions at a time; past it a handshake is answered 503
 * @param maxQueuedCommands most calls that may wait for one loop; past it, callers that are not loops themselves wait
 * @param transports those that are offered
 * @param allowUpgrades whether a polling session may move to WebSocket
 * @param compressionThreshold polling responses of at least so many bytes are compressed when the client accepts it
 * @param origins who may connect from a browser
 * @param allowedHosts the {@code Host} values (without port) that are served; empty: all
 * @param cookie for sticky load balancers
 * @param sessionIdPrefix letters, digits, {@code _}, {@code -} and {@code .} that each session id begins with, so that a
 *     proxy can route by the query parameter {@code sid}
 * @param unknownSessionHint header {@code Engine-IO-Hint} of the answer to a request that names an unknown session; the
 *     body stays that of Node's server
 */
public record EngineIoSettings(
        String path,
        boolean addTrailingSlash,
        Duration pingInterval,
        Duration pingTimeout,
        Duration upgradeTimeout,
        Duration requestTimeout,
        Duration closeTimeout,
        int maxPayload,
        int maxOutboundBytes,
        int maxSessions,
        int maxQueuedCommands,
        Set<Transport> transports,
        boolean allowUpgrades,
        int compressionThreshold,
        OriginPolicy origins,
        Set<String> allowedHosts,
        Optional<StickyCookie> cookie,
        String sessionIdPrefix,
        Optional<String> unknownSessionHint) {

    /** Checks every setting, and copies the sets. */
    public EngineIoSettings {
        require(
                path.isEmpty() || (path.startsWith("/") && path.endsWith("/") == addTrailingSlash),
                "path",
                path,
                "a path that begins " + (addTrailingSlash ? "and ends" : "but does not end") + " with /, or nothing");
        requirePositive("pingInterval", pingInterval);
        requirePositive("pingTimeout", pingTimeout);
        requirePositive("upgradeTimeout", upgradeTimeout);
        requirePositive("requestTimeout", requestTimeout);
        requirePositive("closeTimeout", closeTimeout);
        requirePositive("maxPayload", maxPayload);
        requirePositive("maxOutboundBytes", maxOutboundBytes);
        requirePositive("maxSessions", maxSessions);
        requirePositive("maxQueuedCommands", maxQueuedCommands);
        require(compressionThreshold >= 0, "compressionThreshold", compressionThreshold, "zero or more bytes");
        require(!transports.isEmpty(), "transports", transports, "at least one of polling and websocket");
        transports = Set.copyOf(transports);
        allowedHosts = Set.copyOf(allowedHosts);
        Objects.requireNonNull(origins, "origins");
        Objects.requireNonNull(cookie, "cookie");
        require(
                sessionIdPrefix.matches("[A-Za-z0-9_.-]*"),
                "sessionIdPrefix",
                sessionIdPrefix,
                "letters, digits, _, - and .");
        unknownSessionHint.ifPresent(hint -> require(
                hint.chars().allMatch(c -> c >= 0x20 && c < 0x7f), "unknownSessionHint", hint, "printable ASCII"));
    }

    /** The defaults, which are those of Node's server where it has them. */
    public static EngineIoSettings defaults() {
        return builder().build();
    }

    /** A builder whose settings all have defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@code path} with or without the slash at its end, as set. */
    String normalPath(String path) {
        return normalPath(path, addTrailingSlash);
    }

    private static String normalPath(String path, boolean addTrailingSlash) {
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return addTrailingSlash ? bare + "/" : bare;
    }

    /** The upgrades that the open packet offers to a session on {@code transport}. */
    boolean upgradable(Transport transport) {
        return allowUpgrades && transport == Transport.POLLING && transports.contains(Transport.WEBSOCKET);
    }

    private static void requirePositive(String name, Duration value) {
        require(value.isPositive(), name, value, "more than zero");
    }

    private static void requirePositive(String name, int value) {
        require(value > 0, name, value, "more than zero");
    }

    private static void require(boolean condition, String name, Object value, String expected) {
        if (!condition) {
            throw new IllegalArgumentException(name + " is " + value + ", expected " + expected);
        }
    }

    /** Collects settings; each has a default. Not safe for several threads. */
    public static final class Builder {
        private String path = "";
        private boolean addTrailingSlash = true;
        private Duration pingInterval = Duration.ofSeconds(25);
        private Duration pingTimeout = Duration.ofSeconds(20);
        private Duration upgradeTimeout = Duration.ofSeconds(10);
        private Duration requestTimeout = Duration.ofSeconds(60);
        private Duration closeTimeout = Duration.ofSeconds(30);
        private int maxPayload = 1_000_000;
        private int maxOutboundBytes = 1 << 20;
        private int maxSessions = 1_000_000;
        private int maxQueuedCommands = 1 << 16;
        private Set<Transport> transports = EnumSet.allOf(Transport.class);
        private boolean allowUpgrades = true;
        private int compressionThreshold = 1024;
        private OriginPolicy origins = OriginPolicy.sameOrigin();
        private Set<String> allowedHosts = Set.of();
        private Optional<StickyCookie> cookie = Optional.empty();
        private String sessionIdPrefix = "";
        private Optional<String> unknownSessionHint = Optional.empty();

        private Builder() {}

        /** What this server keeps for itself, such as {@code /live/}; by default empty, the path of the protocol on top. */
        public Builder path(String path) {
            this.path = path;
            return this;
        }

        /** Whether the path ends with {@code /}; by default it does. */
        public Builder addTrailingSlash(boolean addTrailingSlash) {
            this.addTrailingSlash = addTrailingSlash;
            return this;
        }

        /** From one pong to the next ping; 25 s by default. */
        public Builder pingInterval(Duration pingInterval) {
            this.pingInterval = pingInterval;
            return this;
        }

        /** From a ping until the session is given up; 20 s by default. */
        public Builder pingTimeout(Duration pingTimeout) {
            this.pingTimeout = pingTimeout;
            return this;
        }

        /** From a WebSocket's probe connection until its upgrade packet; 10 s by default. */
        public Builder upgradeTimeout(Duration upgradeTimeout) {
            this.upgradeTimeout = upgradeTimeout;
            return this;
        }

        /** From the first line of an HTTP request to its last byte; 60 s by default. */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestTimeout = requestTimeout;
            return this;
        }

        /** How long a closed session waits for its peer; 30 s by default. */
        public Builder closeTimeout(Duration closeTimeout) {
            this.closeTimeout = closeTimeout;
            return this;
        }

        /** Most bytes of one polling body or one WebSocket message; 1,000,000 by default. */
        public Builder maxPayload(int maxPayload) {
            this.maxPayload = maxPayload;
            return this;
        }

        /** Most bytes that may wait for one session when the next message comes; 1 MiB by default. */
        public Builder maxOutboundBytes(int maxOutboundBytes) {
            this.maxOutboundBytes = maxOutboundBytes;
            return this;
        }

        /** Most sessions at a time; 1,000,000 by default. */
        public Builder maxSessions(int maxSessions) {
            this.maxSessions = maxSessions;
            return this;
        }

        /** Most calls that may wait for one loop; 65,536 by default. */
        public Builder maxQueuedCommands(int maxQueuedCommands) {
            this.maxQueuedCommands = maxQueuedCommands;
            return this;
        }

        /** The transports that are offered; both by default. */
        public Builder transports(Set<Transport> transports) {
            this.transports = transports;
            return this;
        }

        /** Whether a polling session may move to WebSocket; by default it may. */
        public Builder allowUpgrades(boolean allowUpgrades) {
            this.allowUpgrades = allowUpgrades;
            return this;
        }

        /** Polling responses of at least so many bytes are compressed; 1,024 by default. */
        public Builder compressionThreshold(int compressionThreshold) {
            this.compressionThreshold = compressionThreshold;
            return this;
        }

        /** Who may connect from a browser; pages of the same origin by default. */
        public Builder origins(OriginPolicy origins) {
            this.origins = origins;
            return this;
        }

        /** The {@code Host} values, without port, that are served; all by default. */
        public Builder allowedHosts(Set<String> allowedHosts) {
            this.allowedHosts = allowedHosts;
            return this;
        }

        /** Sends a cookie for sticky load balancers; none by default. */
        public Builder cookie(StickyCookie cookie) {
            this.cookie = Optional.of(cookie);
            return this;
        }

        /** What each session id begins with, so that a proxy can route by it; nothing by default. */
        public Builder sessionIdPrefix(String sessionIdPrefix) {
            this.sessionIdPrefix = sessionIdPrefix;
            return this;
        }

        /** Header {@code Engine-IO-Hint} of the answer to a request that names an unknown session; none by default. */
        public Builder unknownSessionHint(String hint) {
            this.unknownSessionHint = Optional.of(hint);
            return this;
        }

        /**
         * The settings. A bad one throws an {@code IllegalArgumentException} that names it, its value and what is
         * allowed.
         */
        public EngineIoSettings build() {
            return new EngineIoSettings(
                    path.isEmpty() ? "" : normalPath(path, addTrailingSlash),
                    addTrailingSlash,
                    pingInterval,
                    pingTimeout,
                    upgradeTimeout,
                    requestTimeout,
                    closeTimeout,
                    maxPayload,
                    maxOutboundBytes,
                    maxSessions,
                    maxQueuedCommands,
                    transports,
                    allowUpgrades,
                    compressionThreshold,
                    origins,
                    allowedHosts,
                    cookie,
                    sessionIdPrefix,
                    unknownSessionHint);
        }
    }
}
