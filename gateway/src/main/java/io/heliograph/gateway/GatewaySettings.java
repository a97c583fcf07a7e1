package io.heliograph.gateway;

import java.time.Duration;

/**
 * The bounds of a gateway, on one node. Immutable.
 *
 * @param maxSockets of all workspaces
 * @param maxSocketsPerWorkspace of one workspace
 * @param maxSocketsPerMember of one member, or of one API key
 * @param maxConnectsPerSecond clients that are admitted in a second
 * @param connectTimeout how long a client waits to be admitted at most
 * @param maxVerifications credentials that are looked at at the same time
 * @param maxEventsPerSecond from one client; as many at once after a quiet second
 * @param expiryWarning how long before a credential's end its socket is warned
 * @param drainRate clients per second that reconnect when the node stops
 * @param keepAlive of a stream: a comment is sent when nothing else was for this long
 */
public record GatewaySettings(
        int maxSockets,
        int maxSocketsPerWorkspace,
        int maxSocketsPerMember,
        int maxConnectsPerSecond,
        Duration connectTimeout,
        int maxVerifications,
        int maxEventsPerSecond,
        Duration expiryWarning,
        int drainRate,
        Duration keepAlive) {

    public GatewaySettings {
        positive("maxSockets", maxSockets);
        positive("maxSocketsPerWorkspace", maxSocketsPerWorkspace);
        positive("maxSocketsPerMember", maxSocketsPerMember);
        positive("maxConnectsPerSecond", maxConnectsPerSecond);
        positive("maxVerifications", maxVerifications);
        positive("maxEventsPerSecond", maxEventsPerSecond);
        positive("drainRate", drainRate);
        if (connectTimeout.isNegative() || expiryWarning.isNegative() || !keepAlive.isPositive()) {
            throw new IllegalArgumentException("connectTimeout is " + connectTimeout + ", expiryWarning "
                    + expiryWarning + " and keepAlive " + keepAlive + ", expected 0 s, 0 s and more than 0 s at least");
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", expected 1 or more");
        }
    }
}
