package io.heliograph.server.start;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Map;

/**
 * A training run for the JVM's ahead-of-time cache (JEP 483, 514, 515): a server starts, answers a few requests that it
 * sends to itself, and stops. With {@code -XX:AOTCacheOutput} the JVM records which classes are loaded and linked and
 * which methods are hot.
 */
final class AotTrainingRun {
    private static final int ROUNDS = 20;

    private AotTrainingRun() {}

    static void run(Map<String, String> settings) throws IOException {
        try (Server server = Server.start(settings)) {
            server.announce(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8), FirstRun.onTerminal());
            String key = server.anotherKey();
            int port = URI.create(server.url()).getPort();
            for (int round = 0; round < ROUNDS; round++) {
                send(port, get("/", key));
                send(port, get("/health/ready", key));
                send(port, get("/v1/whoami", key));
                send(port, get("/v1/approvals", key));
                send(port, get("/v1/events?limit=10", key));
                send(port, get("/socket.io/?EIO=4&transport=polling", key));
                send(port, post("/v1/approvals", key, """
                        {"title":"Training %d","action":{"name":"train","args":{"round":%d}},"risk":"low"}""".formatted(round, round)));
            }
        }
    }

    /** Sends a request and discards the response. */
    private static void send(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            InputStream answer = socket.getInputStream();
            answer.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static String get(String path, String key) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + key
                + "\r\n\r\n";
    }

    private static String post(String path, String key, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n"
                + body;
    }
}
