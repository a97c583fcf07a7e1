package io.heliograph.server.web;

import io.heliograph.server.errors.InvalidSettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where the server listens, and who may talk to it from a browser.
 *
 * @param host address to listen on; {@code 0.0.0.0} for all
 * @param port 0 picks a free one
 * @param publicUrl as browsers reach the server, without a path; empty: made of host and port
 * @param allowedOrigins of pages other than the server's own that may call it; {@code *} for any
 * @param maxBody of one request, beyond which it is refused with {@code payload_too_large}
 * @param eventLoops threads that serve HTTP, and as many again that serve sockets; given as 0: one of each for each core
 * @param dashboard folder with the built dashboard; empty: the one in the jar
 */
@ConfigurationProperties("heliograph")
public record ServerSettings(
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue("8080") int port,
        @DefaultValue("") String publicUrl,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("1MB") DataSize maxBody,
        @DefaultValue("0") int eventLoops,
        @DefaultValue("") String dashboard) {

    public ServerSettings {
        InvalidSettingException.check(!host.isBlank(), "heliograph.host", host, "an address to listen on");
        InvalidSettingException.check(port >= 0 && port <= 65535, "heliograph.port", port, "a port from 0 to 65535");
        InvalidSettingException.check(
                publicUrl.isEmpty() || (publicUrl.matches("(?i)https?:.*") && Origins.isOrigin(publicUrl)),
                "heliograph.public-url",
                publicUrl,
                "a URL without a path, such as https://heliograph.example.com");
        allowedOrigins = List.copyOf(allowedOrigins);
        for (String origin : allowedOrigins) {
            InvalidSettingException.check(
                    origin.equals("*") || Origins.isOrigin(origin),
                    "heliograph.allowed-origins",
                    origin,
                    "origins such as https://app.example.com or capacitor://localhost, separated by commas, or *");
        }
        InvalidSettingException.check(
                eventLoops >= 0 && eventLoops <= 1024,
                "heliograph.event-loops",
                eventLoops,
                "a number from 1 to 1024, or 0 for one for each core");
        if (eventLoops == 0) {
            eventLoops = Runtime.getRuntime().availableProcessors();
        }
        InvalidSettingException.check(
                dashboard.isEmpty() || Files.isDirectory(Path.of(dashboard)),
                "heliograph.dashboard",
                dashboard,
                "a folder that is there");
        InvalidSettingException.check(
                maxBody.toBytes() >= 1024 && maxBody.toBytes() <= 64L * 1024 * 1024,
                "heliograph.max-body",
                maxBody,
                "a size from 1KB to 64MB");
    }
}
