package io.heliograph.server.http;

import io.heliograph.server.errors.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The limits of connections.
 *
 * @param maxConnections of this node; 0: four fifths of the file descriptors that the process may have open
 * @param maxConnectionsPerAddress from one client address, an IPv6 network of 64 bits counting as one; those of loopback
 *     and of trusted proxies are not counted
 * @param headerTimeout from the connection, or the first byte of a further request, until the request's head is complete
 * @param bodyTimeout how long a request's body may take, besides what {@code minRate} allows for its length
 * @param writeTimeout how long a response may wait for its reader, besides what {@code minRate} allows for its length
 * @param minRate bytes a second that a body or a reader must reach past its timeout
 * @param idleTimeout from a response to the next request of the connection
 */
@ConfigurationProperties("heliograph.http")
record HttpSettings(
        @DefaultValue("0") int maxConnections,
        @DefaultValue("1000") int maxConnectionsPerAddress,
        @DefaultValue("10s") Duration headerTimeout,
        @DefaultValue("30s") Duration bodyTimeout,
        @DefaultValue("30s") Duration writeTimeout,
        @DefaultValue("1KB") DataSize minRate,
        @DefaultValue("75s") Duration idleTimeout) {

    HttpSettings {
        InvalidSettingException.check(
                maxConnections >= 0,
                "heliograph.http.max-connections",
                maxConnections,
                "a number from 1 upwards, or 0 for four fifths of the file descriptors");
        InvalidSettingException.check(
                maxConnectionsPerAddress >= 1,
                "heliograph.http.max-connections-per-address",
                maxConnectionsPerAddress,
                "a number from 1 upwards");
        check("heliograph.http.header-timeout", headerTimeout);
        check("heliograph.http.body-timeout", bodyTimeout);
        check("heliograph.http.write-timeout", writeTimeout);
        check("heliograph.http.idle-timeout", idleTimeout);
        InvalidSettingException.check(
                minRate.toBytes() >= 1 && minRate.toMegabytes() <= 1024,
                "heliograph.http.min-rate",
                minRate,
                "bytes a second, from 1B to 1GB");
    }

    private static void check(String name, Duration timeout) {
        InvalidSettingException.check(
                timeout.toMillis() >= 100 && timeout.toMinutes() <= 60, name, timeout, "a duration from 100ms to 1h");
    }
}
