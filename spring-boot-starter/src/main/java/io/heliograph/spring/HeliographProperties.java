package io.heliograph.spring;

import io.heliograph.gateway.GatewaySettings;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of the starter. Immutable.
 *
 * @param port own port of /socket.io/, 0 for any free one; without it, the server's port when that is Reactor Netty's,
 *     and 8090 otherwise
 * @param address address that the own port listens on; empty: all of the machine
 * @param origins origins of pages that may connect, such as https://shop.example; pages of the same host always may,
 *     whatever their port when /socket.io/ has its own
 * @param maxEventData size of one event's data as JSON
 * @param maxEventsPerTransaction events that one transaction may append
 * @param drainTimeout how long sockets may flush what was sent to them when the application stops
 * @param jwt how a token's claims are read
 * @param tickets tokens that the application issues to clients of its own sessions
 * @param log the tables of the log
 * @param gateway limits of sockets
 */
@ConfigurationProperties("heliograph")
record HeliographProperties(
        @Nullable Integer port,
        @DefaultValue("") String address,
        @DefaultValue Set<String> origins,
        @DefaultValue("64KB") DataSize maxEventData,
        @DefaultValue("1000") int maxEventsPerTransaction,
        @DefaultValue("3s") Duration drainTimeout,
        @DefaultValue Jwt jwt,
        @DefaultValue Tickets tickets,
        @DefaultValue Log log,
        @DefaultValue Gateway gateway) {

    HeliographProperties {
        origins = Set.copyOf(origins);
        check(port == null || (port >= 0 && port <= 65_535), "port", String.valueOf(port), "0 to 65535");
        check(maxEventData.toBytes() > 0, "max-event-data", maxEventData, "a size above zero");
        check(maxEventsPerTransaction > 0, "max-events-per-transaction", maxEventsPerTransaction, "above zero");
        check(!drainTimeout.isNegative(), "drain-timeout", drainTimeout, "0s or more");
    }

    /**
     * Claims of a token.
     *
     * @param workspaceClaim name of the claim that holds the workspace (the tenant); it has no default
     * @param memberClaim name of the claim that holds the member
     */
    record Jwt(
            @DefaultValue("") String workspaceClaim,
            @DefaultValue("sub") String memberClaim) {}

    /**
     * Tickets of {@link SocketTickets}.
     *
     * @param enabled whether clients may present tickets
     * @param key secret of at least 32 characters that signs them, the same on all nodes; empty: random at each start
     * @param validity how long a ticket, and the socket that was opened with it, is good for
     */
    record Tickets(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("") String key,
            @DefaultValue("5m") Duration validity) {
        Tickets {
            check(key.isEmpty() || key.length() >= 32, "tickets.key", "too short", "32 characters or more, or nothing");
            check(validity.isPositive(), "tickets.validity", validity, "a time above zero");
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "Tickets[enabled=" + enabled + ", validity=" + validity + "]";
        }
    }

    /**
     * The log's tables.
     *
     * @param migrate whether the tables are created and updated at the start; otherwise the application does it, from
     *     classpath:io/heliograph/spring/migration
     * @param maxAge events older than this are removed
     * @param maxEvents newest events of each workspace that are kept
     * @param retentionInterval how often old events are looked for
     */
    record Log(
            @DefaultValue("true") boolean migrate,
            @DefaultValue("7d") Duration maxAge,
            @DefaultValue("1000000") long maxEvents,
            @DefaultValue("10m") Duration retentionInterval) {
        Log {
            check(!maxAge.isNegative(), "log.max-age", maxAge, "0s or more");
            check(maxEvents >= 0, "log.max-events", maxEvents, "0 or more");
            check(retentionInterval.isPositive(), "log.retention-interval", retentionInterval, "a time above zero");
        }
    }

    /**
     * Limits of sockets on this node.
     *
     * @param pingInterval from one pong to the next ping
     * @param pingTimeout from a ping until a socket is given up
     * @param maxInbound size of one message from a client; a longer one closes its socket
     * @param maxOutbound bytes that may wait for one socket; past it the socket is closed, and the client recovers
     * @param maxSockets sockets of all workspaces
     * @param maxSocketsPerWorkspace sockets of one workspace
     * @param maxSocketsPerMember sockets of one member
     * @param maxConnectsPerSecond clients that are admitted in a second
     * @param connectPatience how long a client waits to be admitted at most
     * @param connectsAtOnce credentials that are verified at the same time
     * @param maxEventsPerSecond events from one client; as many at once after a quiet second
     * @param maxReplayPerSecond bytes of one workspace's log that clients who catch up share in a second
     * @param headCheck how often the logs' heads are compared with what was delivered
     * @param expiryWarning how long before a credential's end its socket is warned
     * @param drainRate clients per second that reconnect when the node stops
     */
    record Gateway(
            @DefaultValue("25s") Duration pingInterval,
            @DefaultValue("20s") Duration pingTimeout,
            @DefaultValue("64KB") DataSize maxInbound,
            @DefaultValue("1MB") DataSize maxOutbound,
            @DefaultValue("100000") int maxSockets,
            @DefaultValue("20000") int maxSocketsPerWorkspace,
            @DefaultValue("200") int maxSocketsPerMember,
            @DefaultValue("1000") int maxConnectsPerSecond,
            @DefaultValue("15s") Duration connectPatience,
            @DefaultValue("4") int connectsAtOnce,
            @DefaultValue("50") int maxEventsPerSecond,
            @DefaultValue("64MB") DataSize maxReplayPerSecond,
            @DefaultValue("2s") Duration headCheck,
            @DefaultValue("60s") Duration expiryWarning,
            @DefaultValue("500") int drainRate) {
        /** Only streams have one, and the starter serves none. */
        private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

        Gateway {
            check(pingInterval.isPositive(), "gateway.ping-interval", pingInterval, "a time above zero");
            check(pingTimeout.isPositive(), "gateway.ping-timeout", pingTimeout, "a time above zero");
            check(headCheck.isPositive(), "gateway.head-check", headCheck, "a time above zero");
            size("gateway.max-inbound", maxInbound);
            size("gateway.max-outbound", maxOutbound);
            size("gateway.max-replay-per-second", maxReplayPerSecond);
            count("gateway.max-sockets", maxSockets);
            count("gateway.max-sockets-per-workspace", maxSocketsPerWorkspace);
            count("gateway.max-sockets-per-member", maxSocketsPerMember);
            count("gateway.max-connects-per-second", maxConnectsPerSecond);
            check(!connectPatience.isNegative(), "gateway.connect-patience", connectPatience, "0s or more");
            count("gateway.connects-at-once", connectsAtOnce);
            count("gateway.max-events-per-second", maxEventsPerSecond);
            check(!expiryWarning.isNegative(), "gateway.expiry-warning", expiryWarning, "0s or more");
            count("gateway.drain-rate", drainRate);
        }

        GatewaySettings toSettings() {
            return new GatewaySettings(
                    maxSockets,
                    maxSocketsPerWorkspace,
                    maxSocketsPerMember,
                    maxConnectsPerSecond,
                    connectPatience,
                    connectsAtOnce,
                    maxEventsPerSecond,
                    expiryWarning,
                    drainRate,
                    KEEP_ALIVE);
        }

        private static void size(String key, DataSize value) {
            check(value.toBytes() >= 1024 && value.toBytes() <= 64L << 20, key, value, "a size from 1KB to 64MB");
        }

        private static void count(String key, int value) {
            check(value > 0, key, value, "a number above zero");
        }
    }

    private static void check(boolean condition, String key, Object value, String expected) {
        if (!condition) {
            throw new HeliographStartException(
                    "heliograph." + key + " is " + value + ", expected " + expected, "Correct the setting.");
        }
    }
}
