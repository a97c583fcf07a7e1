import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

/**
 * The netty-socketio peer: every event "publish" goes to the room as "tick" with the same argument.
 * Says "listening PORT", answers the line "gc" with "heap BYTES" after a collection, ends when its input ends.
 */
public final class NettySocketIoPeer {
    public static void main(String[] args) throws Exception {
        var configuration = new Configuration();
        configuration.setHostname("127.0.0.1");
        configuration.setPort(freePort());
        configuration.setUseLinuxNativeEpoll(true);
        configuration.setBossThreads(1);
        configuration.setWorkerThreads(Runtime.getRuntime().availableProcessors());
        configuration.getSocketConfig().setAcceptBackLog(4096);
        configuration.getSocketConfig().setTcpNoDelay(true);
        configuration.setAckMode(AckMode.MANUAL);

        var server = new SocketIOServer(configuration);
        server.addConnectListener(client -> client.joinRoom("room"));
        server.addEventListener(
                "publish", String.class, (client, text, ack) -> server.getRoomOperations("room").sendEvent("tick", text));
        server.start();
        System.out.println("listening " + configuration.getPort());

        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (line.equals("gc")) {
                System.gc();
                System.gc();
                var runtime = Runtime.getRuntime();
                System.out.println("heap " + (runtime.totalMemory() - runtime.freeMemory()));
            }
        }
        System.exit(0);
    }

    /** netty-socketio does not tell which port it took, so it is asked for a known one. */
    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
