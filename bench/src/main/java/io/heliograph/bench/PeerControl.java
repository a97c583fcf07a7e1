package io.heliograph.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The server's side of the protocol in {@link Peer}. */
final class PeerControl {
    private PeerControl() {}

    /** Announces the port, then answers commands until the input ends. */
    static void serve(int port) throws IOException {
        System.out.println("listening " + port);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (line.equals("gc")) {
                System.gc();
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                System.out.println("heap " + (runtime.totalMemory() - runtime.freeMemory()));
            }
        }
    }
}
