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
 * A short life of a server that nobody uses: it starts, answers a few requests of its own and ends. The launcher lets
 * the JVM record it (JEP 483, 514, 515), so that later starts find their classes loaded and linked, and know which
 * methods to compile first.
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

    /** Whatever the answer is: nobody looks at it. */
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
