package io.heliograph.server.gateway;

import io.heliograph.gateway.GatewaySettings;
import io.heliograph.server.errors.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of sockets.
 *
 * @param pingInterval from one pong to the next ping
 * @param pingTimeout from a ping until a socket is given up
 * @param maxInbound of one message from a client; a longer one closes its socket
 * @param maxOutbound bytes that may wait for one socket; past it the socket is closed as slow, and the client recovers
 *     by its cursor
 * @param maxSockets of all workspaces on this node
 * @param maxSocketsPerWorkspace on this node
 * @param maxSocketsPerMember on this node; an API key counts as a member
 * @param maxConnectsPerSecond on this node, a fiftieth of it at once; 0: {@value #CONNECTS_PER_CORE} for each core
 * @param connectPatience how long a client waits to be admitted at most; one that would wait longer is refused
 * @param connectsAtOnce clients whose credentials are looked at at the same moment
 * @param maxEventsPerSecond from one client; as many at once after a quiet second
 * @param maxWatchedTopics of one socket
 * @param maxReplayPerSecond of one workspace's log, to all who catch up on this node together; the rest waits
 * @param headCheck how often the logs' heads are compared with what was delivered, for what the bus did not bring
 * @param expiryWarning how long before a token's end its socket is warned
 * @param drainRate clients per second that reconnect when a node stops
 * @param stickyCookie whether browsers get a cookie with the node's id, for proxies
 * @param nodeId letters, digits, _ and -, in that cookie and before each session id; empty: random at each start
 */
@ConfigurationProperties("heliograph.gateway")
record GatewayProperties(
        @DefaultValue("25s") Duration pingInterval,
        @DefaultValue("20s") Duration pingTimeout,
        @DefaultValue("64KB") DataSize maxInbound,
        @DefaultValue("1MB") DataSize maxOutbound,
        @DefaultValue("100000") int maxSockets,
        @DefaultValue("20000") int maxSocketsPerWorkspace,
        @DefaultValue("200") int maxSocketsPerMember,
        @DefaultValue("0") int maxConnectsPerSecond,
        @DefaultValue("15s") Duration connectPatience,
        @DefaultValue("4") int connectsAtOnce,
        @DefaultValue("50") int maxEventsPerSecond,
        @DefaultValue("100") int maxWatchedTopics,
        @DefaultValue("64MB") DataSize maxReplayPerSecond,
        @DefaultValue("2s") Duration headCheck,
        @DefaultValue("60s") Duration expiryWarning,
        @DefaultValue("500") int drainRate,
        @DefaultValue("auto") Sticky stickyCookie,
        @DefaultValue("") String nodeId) {

    /** When the cookie is set. */
    enum Sticky {
        /** When a bus is set, because there may be other nodes then. */
        AUTO,
        ON,
        OFF
    }

    private static final long MIN_REPLAY = 16 << 10;
    /** About half of a core's capacity, so that many reconnecting clients leave the other half to connected ones. */
    private static final int CONNECTS_PER_CORE = 500;

    GatewayProperties {
        duration("ping-interval", pingInterval, Duration.ofSeconds(1), "1s to 5m");
        duration("ping-timeout", pingTimeout, Duration.ofSeconds(1), "1s to 5m");
        duration("head-check", headCheck, Duration.ofMillis(100), "100ms to 5m");
        duration("expiry-warning", expiryWarning, Duration.ZERO, "0s to 5m");
        size("max-inbound", maxInbound);
        size("max-outbound", maxOutbound);
        count("max-sockets", maxSockets);
        count("max-sockets-per-workspace", maxSocketsPerWorkspace);
        count("max-sockets-per-member", maxSocketsPerMember);
        InvalidSettingException.check(
                maxConnectsPerSecond >= 0,
                "heliograph.gateway.max-connects-per-second",
                maxConnectsPerSecond,
                "a number above zero, or 0 for " + CONNECTS_PER_CORE + " for each core");
        if (maxConnectsPerSecond == 0) {
            maxConnectsPerSecond = CONNECTS_PER_CORE * Runtime.getRuntime().availableProcessors();
        }
        duration("connect-patience", connectPatience, Duration.ZERO, "0s to 5m");
        count("connects-at-once", connectsAtOnce);
        count("max-events-per-second", maxEventsPerSecond);
        count("max-watched-topics", maxWatchedTopics);
        count("drain-rate", drainRate);
        InvalidSettingException.check(
                nodeId.matches("[A-Za-z0-9_-]{0,32}"),
                "heliograph.gateway.node-id",
                nodeId,
                "up to 32 letters, digits, _ and -, or nothing for a random one");
        InvalidSettingException.check(
                maxReplayPerSecond.toBytes() >= MIN_REPLAY,
                "heliograph.gateway.max-replay-per-second",
                maxReplayPerSecond,
                "a size of 16KB or more");
    }

    /** @param keepAlive of a stream of server-sent events */
    GatewaySettings toSettings(Duration keepAlive) {
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
                keepAlive);
    }

    private static void duration(String key, Duration value, Duration least, String range) {
        boolean right = value.compareTo(least) >= 0 && value.compareTo(Duration.ofMinutes(5)) <= 0;
        InvalidSettingException.check(right, "heliograph.gateway." + key, value, "a duration from " + range);
    }

    private static void size(String key, DataSize value) {
        boolean right = value.toBytes() >= 1024
                && value.toBytes() <= DataSize.ofMegabytes(64).toBytes();
        InvalidSettingException.check(right, "heliograph.gateway." + key, value, "a size from 1KB to 64MB");
    }

    private static void count(String key, int value) {
        InvalidSettingException.check(value > 0, "heliograph.gateway." + key, value, "a number above zero");
    }
}
