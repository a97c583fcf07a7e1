package io.heliograph.eventlog;

import static io.heliograph.eventlog.BusContract.hint;
import static io.heliograph.eventlog.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bus on a Redis with TLS, on what Sentinels watch, and on a cluster, each of real processes. */
class RedisTopologiesIT {
    private static final RedisBusSettings IMPATIENT = RedisBusSettings.builder()
            .timeout(Duration.ofSeconds(1))
            .longestRetry(Duration.ofMillis(200))
            .build();
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private TestRedis redis(String... options) {
        TestRedis redis = TestRedis.start(options);
        open.add(redis);
        return redis;
    }

    private RedisBus bus(String address, RedisBusSettings settings) {
        RedisBus bus = RedisBus.open(RedisAddress.parse(address).orElseThrow(), settings, BusMetrics.NONE);
        open.add(bus);
        return bus;
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(Duration.ofSeconds(40));
    }

    /** Both are connected, follow a workspace, and get each other's hints. */
    private static void assertCarries(RedisBus one, RedisBus other) {
        patiently().until(() -> one.connected() && other.connected());
        for (List<RedisBus> pair : List.of(List.of(one, other), List.of(other, one))) {
            BusContract.RecordingListener ear = new BusContract.RecordingListener();
            RedisBus receiver = pair.getLast();
            try (Subscription _ = receiver.subscribe(ear)) {
                receiver.follow(ACME);
                // A server that has just begun to forward may lose the first.
                patiently().until(() -> {
                    pair.getFirst().publish(hint(ACME, 1));
                    return !ear.hints.isEmpty();
                });
                receiver.unfollow(ACME);
            }
        }
    }

    // --- TLS ---

    /** A certificate for a name, which signs itself, with its key: {@code name.pem} and {@code name.key}. */
    private Path certificate(String name, String subject) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD),
                        "-alias",
                        "redis",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + subject)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor())
                .as(Files.readString(folder.resolve("keytool.log")))
                .isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        pem(
                folder.resolve(name + ".key"),
                "PRIVATE KEY",
                keys.getKey("redis", PASSWORD).getEncoded());
        return pem(
                folder.resolve(name + ".pem"),
                "CERTIFICATE",
                keys.getCertificate("redis").getEncoded());
    }

    private static Path pem(Path file, String kind, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    /** Returns its port for TLS. */
    private int redisWithTls(String name) {
        int port = TestRedis.freePort();
        redis(
                "--tls-port",
                "" + port,
                "--tls-cert-file",
                folder.resolve(name + ".pem").toString(),
                "--tls-key-file",
                folder.resolve(name + ".key").toString(),
                "--tls-ca-cert-file",
                folder.resolve(name + ".pem").toString(),
                "--tls-auth-clients",
                "no");
        return port;
    }

    private static RedisBusSettings trusting(Path certificates) {
        return RedisBusSettings.builder()
                .timeout(Duration.ofSeconds(5))
                .longestRetry(Duration.ofMillis(200))
                .certificates(certificates)
                .build();
    }

    @Test
    void overTlsTheCertificateIsVerified() throws Exception {
        Path own = certificate("own", "ip:127.0.0.1");
        String address = "rediss://127.0.0.1:" + redisWithTls("own");

        assertCarries(bus(address, trusting(own)), bus(address, trusting(own)));

        try (CapturedOutput output = CapturedOutput.start()) {
            RedisBus stranger = bus(address, trusting(certificate("other", "ip:127.0.0.1")));
            patiently().until(() -> output.count("the bus on " + address + " is unreachable") == 1);
            assertThat(stranger.connected()).isFalse();
        }
    }

    @Test
    void overTlsTheHostNameIsVerifiedUnlessTheAddressSaysOtherwise() throws Exception {
        Path certificate = certificate("own", "dns:cache.example.com");
        String address = "rediss://127.0.0.1:" + redisWithTls("own");

        try (CapturedOutput output = CapturedOutput.start()) {
            RedisBus full = bus(address, trusting(certificate));
            patiently().until(() -> output.count("the bus on " + address + " is unreachable") == 1);
            assertThat(full.connected()).isFalse();
        }
        assertCarries(
                bus(address + "?verifyPeer=CA", trusting(certificate)), bus(address + "?verifyPeer=NONE", IMPATIENT));
    }

    // --- Sentinel ---

    @Test
    void withSentinelsTheBusGoesToTheNewMaster() throws Exception {
        TestRedis master = redis();
        TestRedis replica = redis("--replicaof", "127.0.0.1", "" + master.port());
        List<TestRedis> sentinels = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Path file = Files.writeString(folder.resolve("sentinel" + i + ".conf"), """
                    sentinel monitor main 127.0.0.1 %d 2
                    sentinel down-after-milliseconds main 500
                    sentinel failover-timeout main 5000
                    """.formatted(master.port()));
            TestRedis sentinel = TestRedis.startSentinel(file);
            open.add(sentinel);
            sentinels.add(sentinel);
        }
        String address = "redis-sentinel://"
                + sentinels.stream()
                        .map(sentinel -> "127.0.0.1:" + sentinel.port())
                        .collect(Collectors.joining(","))
                + "#main";
        RedisBus one = bus(address, IMPATIENT);
        RedisBus other = bus(address, IMPATIENT);
        assertCarries(one, other);
        patiently().until(() -> replica.answer("INFO replication").contains("master_link_status:up"));
        // They know the replica and one another.
        for (TestRedis sentinel : sentinels) {
            patiently().until(() -> {
                String seen = sentinel.answer("INFO sentinel");
                return seen.contains("slaves=1") && seen.contains("sentinels=2");
            });
        }

        master.kill();

        patiently().until(() -> replica.answer("INFO replication").contains("role:master"));
        assertCarries(one, other);
        assertThat(replica.answer("CLIENT LIST TYPE pubsub")).contains("name=heliograph");
    }

    // --- cluster ---

    @Test
    void inAClusterTheBusReachesAllThroughAnyServerAndLeavesOneThatEnds() throws Exception {
        List<TestRedis> cluster = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path own = Files.createDirectory(folder.resolve("node" + i));
            cluster.add(redis("--cluster-enabled", "yes", "--dir", own.toString(), "--cluster-node-timeout", "2000"));
        }
        assertThat(cluster.get(0).command("CLUSTER ADDSLOTSRANGE 0 5000")).isEqualTo("+OK");
        assertThat(cluster.get(1).command("CLUSTER ADDSLOTSRANGE 5001 11000")).isEqualTo("+OK");
        assertThat(cluster.get(2).command("CLUSTER ADDSLOTSRANGE 11001 16383")).isEqualTo("+OK");
        for (TestRedis node : cluster.subList(1, 3)) {
            assertThat(cluster.getFirst().command("CLUSTER MEET 127.0.0.1 " + node.port()))
                    .isEqualTo("+OK");
        }
        for (TestRedis node : cluster) {
            patiently().until(() -> node.answer("CLUSTER INFO").contains("cluster_state:ok"));
        }
        RedisBus one = bus(address(cluster.get(0), cluster.get(1)), IMPATIENT);
        RedisBus other = bus(address(cluster.get(2), cluster.get(1)), IMPATIENT);
        assertCarries(one, other);
        assertThat(cluster.get(0).answer("CLIENT LIST TYPE pubsub")).contains("name=heliograph");
        assertThat(cluster.get(2).answer("CLIENT LIST TYPE pubsub")).contains("name=heliograph");

        cluster.getFirst().kill();

        patiently().until(() -> cluster.get(1).answer("CLIENT LIST TYPE pubsub").contains("name=heliograph"));
        assertCarries(one, other);
    }

    private static String address(TestRedis... servers) {
        List<String> hosts = new ArrayList<>();
        for (TestRedis server : servers) {
            hosts.add("127.0.0.1:" + server.port());
        }
        return "redis://" + String.join(",", hosts);
    }

    @Test
    void severalServersThatAreNoClusterAreRefused() {
        TestRedis one = redis();
        TestRedis other = redis();
        try (CapturedOutput output = CapturedOutput.start()) {
            RedisBus bus = bus(address(one, other), IMPATIENT);

            await().until(() -> output.count("it is no cluster") == 1);
            assertThat(bus.connected()).isFalse();
        }
    }
}
