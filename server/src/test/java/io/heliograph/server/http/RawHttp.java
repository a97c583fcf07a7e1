package io.heliograph.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A connection on which a test writes the bytes of requests itself, and reads what comes back. */
final class RawHttp implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Socket socket;

    private RawHttp(Socket socket) {
        this.socket = socket;
    }

    static RawHttp connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) TIMEOUT.toMillis());
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        return new RawHttp(socket);
    }

    /** A connection that takes a few kilobytes at most while the test does not read. */
    static RawHttp connectWithSmallWindow(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) TIMEOUT.toMillis());
        return new RawHttp(socket);
    }

    RawHttp send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** Everything until the server ends the connection. */
    String toEnd() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    /** One response with a {@code Content-Length}, or without a body. */
    Response response() throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended after: " + head.toString(ISO_8859_1));
            }
            head.write(next);
        }
        Response bare = new Response(head.toString(ISO_8859_1), "");
        int length = bare.header("content-length").map(Integer::parseInt).orElse(0);
        return new Response(bare.head(), new String(in.readNBytes(length), ISO_8859_1));
    }

    /** Whether the server ends the connection, which it does within the time that a read may take. */
    boolean ends() {
        try {
            while (socket.getInputStream().read() >= 0) {
                // What comes before the end does not matter.
            }
            return true;
        } catch (java.net.SocketTimeoutException late) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** The first line of a response. */
    String statusLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next >= 0 && next != '\n';
                next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    /** Whether {@code text} comes before the end. */
    boolean readsUntil(String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                return false;
            }
            read.append((char) next);
        }
        return true;
    }

    /** Reads what has come already. */
    void drain() throws IOException {
        socket.getInputStream().readNBytes(socket.getInputStream().available());
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    record Response(String head, String body) {
        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        Optional<String> header(String name) {
            return Arrays.stream(head.split("\r\n"))
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }
    }
}
