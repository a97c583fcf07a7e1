package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and what goes on between this bus and its Redis. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
class RedisBusIT extends BusContract {
    private static final RedisBusSettings IMPATIENT = RedisBusSettings.builder()
            .unansweredBytes(1 << 20)
            .timeout(Duration.ofMillis(500))
            .longestRetry(Duration.ofMillis(100))
            .build();

    private static TestRedis redis;

    private final List<RedisBus> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @AfterEach
    void closeOpened() {
        opened.forEach(RedisBus::close);
    }

    private static final class Count implements BusMetrics {
        final AtomicInteger published = new AtomicInteger();
        final AtomicInteger received = new AtomicInteger();
        final AtomicInteger dropped = new AtomicInteger();

        @Override
        public void published() {
            published.incrementAndGet();
        }

        @Override
        public void received() {
            received.incrementAndGet();
        }

        @Override
        public void dropped() {
            dropped.incrementAndGet();
        }
    }

    private static final class Tally implements Bus.Listener {
        final AtomicInteger hints = new AtomicInteger();
        final AtomicInteger reconnected = new AtomicInteger();
        final AtomicInteger followed = new AtomicInteger();

        @Override
        public void hint(Hint hint) {
            hints.incrementAndGet();
        }

        @Override
        public void signal(Signal signal) {}

        @Override
        public void reconnected() {
            reconnected.incrementAndGet();
        }

        @Override
        public void followed(WorkspaceId workspace) {
            followed.incrementAndGet();
        }
    }

    @Override
    Bus open() {
        return connected(redis.address(), RedisBusSettings.defaults(), BusMetrics.NONE);
    }

    private RedisBus opened(RedisAddress address, RedisBusSettings settings, BusMetrics metrics) {
        RedisBus bus = RedisBus.open(address, settings, metrics);
        opened.add(bus);
        return bus;
    }

    private RedisBus connected(RedisAddress address, RedisBusSettings settings, BusMetrics metrics) {
        RedisBus bus = opened(address, settings, metrics);
        await().atMost(Duration.ofSeconds(20)).until(bus::connected);
        return bus;
    }

    @Test
    void onlyFollowedWorkspacesCostThisNodeAnything() {
        Count count = new Count();
        Tally ear = new Tally();
        RedisBus bus = connected(redis.address(), RedisBusSettings.defaults(), count);
        RedisBus sender = connected(redis.address(), RedisBusSettings.defaults(), BusMetrics.NONE);
        bus.subscribe(ear);
        bus.follow(ACME);
        bus.follow(ACME);
        bus.unfollow(ACME);
        await().until(() -> ear.followed.get() == 1);

        sender.publish(hint(OTHER, 1));
        sender.publish(hint(ACME, 1));
        sender.signal(new Signal(ACME, "last", ""));
        await().until(() -> count.received.get() == 2);
        assertThat(ear.hints).hasValue(1);

        bus.unfollow(ACME);
        // The subscription to another one is confirmed after the end of this one.
        bus.follow(OTHER);
        await().until(() -> ear.followed.get() == 2);
        sender.publish(hint(ACME, 2));
        sender.publish(hint(OTHER, 2));
        await().until(() -> count.received.get() == 3);
        assertThat(ear.hints).hasValue(2);
    }

    @Test
    void busesMeetInOneDatabaseOnly() {
        Count count = new Count();
        RedisAddress first = TestRedis.address(redis.address() + "/1");
        connected(redis.address(), RedisBusSettings.defaults(), count);
        Count same = new Count();
        connected(first, RedisBusSettings.defaults(), same);

        connected(first, RedisBusSettings.defaults(), BusMetrics.NONE).signal(new Signal(ACME, "here", ""));

        await().until(() -> same.received.get() == 1);
        assertThat(count.received).hasValue(0);
    }

    @Test
    void itBeginsWithoutRedisAndTellsWhenItIsBack() {
        try (TestRedis own = TestRedis.start()) {
            own.kill();
            Count count = new Count();
            Tally ear = new Tally();
            RedisBus bus = opened(own.address(), IMPATIENT, count);
            bus.subscribe(ear);
            bus.follow(ACME);

            bus.publish(hint(ACME, 1));

            assertThat(ear.hints).as("this node's readers").hasValue(1);
            assertThat(count.dropped).hasValue(1);
            assertThat(bus.connected()).isFalse();

            own.startAgain();
            await().until(() -> bus.connected() && ear.reconnected.get() == 1);
            RedisBus other = connected(own.address(), IMPATIENT, BusMetrics.NONE);
            other.publish(hint(ACME, 2));
            await().until(() -> ear.hints.get() == 2);
        }
    }

    @Test
    void whoWasNotCutOffHearsThatAnotherWas() {
        try (TestRedis own = TestRedis.start()) {
            RedisBusSettings small = RedisBusSettings.builder()
                    .unansweredBytes(1)
                    .timeout(Duration.ofSeconds(5))
                    .longestRetry(Duration.ofMillis(100))
                    .build();
            Count count = new Count();
            RedisBus sender = connected(own.address(), small, count);
            RedisBus other = connected(own.address(), small, BusMetrics.NONE);
            Tally ear = new Tally();
            other.subscribe(ear);

            // One message may wait; sooner or later two want to.
            await().until(() -> {
                sender.publish(hint(ACME, 1));
                sender.publish(hint(ACME, 2));
                return count.dropped.get() > 0;
            });

            await().until(() -> ear.reconnected.get() > 0);
            assertThat(other.connected()).isTrue();
        }
    }

    @Test
    void aRedisThatStandsStillNeitherBlocksNorFillsAnything() {
        try (TestRedis own = TestRedis.start()) {
            Count count = new Count();
            RedisBus bus = connected(own.address(), IMPATIENT, count);
            Tally ear = new Tally();
            bus.subscribe(ear);
            own.pause();

            await().atMost(Duration.ofSeconds(20)).until(() -> {
                bus.publish(hint(ACME, 1));
                return !bus.connected();
            });
            assertThat(count.dropped.get()).isPositive();

            own.resume();
            await().atMost(Duration.ofSeconds(20)).until(bus::connected);
            assertThat(ear.reconnected).hasValue(1);
        }
    }

    @Test
    void aPasswordIsNeededAndUsed() {
        try (TestRedis own = TestRedis.start("--requirepass", "p@ss")) {
            RedisBus without = opened(own.address(), IMPATIENT, BusMetrics.NONE);

            connected(
                    TestRedis.address("redis://:p%40ss@127.0.0.1:" + own.port()),
                    RedisBusSettings.defaults(),
                    BusMetrics.NONE);

            assertThat(without.connected()).isFalse();
        }
    }

    @Test
    void aUserWithTheRightsOfTheManualIsEnough() {
        String rights = "ada on >secret &heliograph:* -@all +@connection +@pubsub +info";
        try (TestRedis own = TestRedis.start(("--user " + rights).split(" "))) {
            assertCarries(TestRedis.address("redis://ada:secret@127.0.0.1:" + own.port()));
        }
    }

    @Test
    void aClusterCarriesItByPlainChannels(@TempDir Path folder) {
        try (TestRedis own = TestRedis.start("--cluster-enabled", "yes", "--dir", folder.toString())) {
            assertCarries(own.address());
        }
    }

    private void assertCarries(RedisAddress address) {
        Tally tally = new Tally();
        Count count = new Count();
        RedisBus bus = connected(address, RedisBusSettings.defaults(), count);
        RedisBus sender = connected(address, RedisBusSettings.defaults(), BusMetrics.NONE);
        bus.subscribe(tally);
        bus.follow(ACME);
        await().until(() -> tally.followed.get() == 1);

        sender.publish(hint(ACME, 1));
        await().until(() -> tally.hints.get() == 1);

        bus.unfollow(ACME);
        bus.follow(OTHER);
        await().until(() -> tally.followed.get() == 2);
        sender.publish(hint(ACME, 2));
        sender.publish(hint(OTHER, 2));
        await().until(() -> count.received.get() == 2);
        assertThat(tally.hints).hasValue(2);
    }

    @Test
    void whatWaitsIsSentBeforeItCloses() throws InterruptedException {
        try (TestRedis own = TestRedis.start()) {
            RedisBusSettings patient =
                    RedisBusSettings.builder().timeout(Duration.ofMinutes(1)).build();
            Count count = new Count();
            connected(own.address(), patient, count);
            RedisBus sender = connected(own.address(), patient, BusMetrics.NONE);
            own.pause();
            // More than the buffers of sockets hold, and less than the bus lets wait.
            int signals = 6_000;
            for (int i = 0; i < signals; i++) {
                sender.signal(new Signal(ACME, "kind", "x".repeat(4_096)));
            }

            Thread closing = Thread.ofPlatform().start(sender::close);
            await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
            own.resume();
            closing.join();

            await().until(() -> count.received.get() == signals);
        }
    }

    @Test
    void whatIsFollowedChangesWhileRedisIsAway() {
        try (TestRedis own = TestRedis.start()) {
            Count count = new Count();
            Tally ear = new Tally();
            RedisBus bus = connected(own.address(), IMPATIENT, count);
            bus.subscribe(ear);
            bus.follow(ACME);
            await().until(() -> ear.followed.get() == 1);

            own.kill();
            await().until(() -> !bus.connected());
            bus.unfollow(ACME);
            bus.follow(OTHER);
            own.startAgain();
            await().until(() -> bus.connected() && ear.reconnected.get() == 1);

            await().until(() ->
                    own.command("PUBSUB SHARDCHANNELS heliograph:0:log:*").equals("*1"));
            RedisBus sender = connected(own.address(), IMPATIENT, BusMetrics.NONE);
            sender.publish(hint(ACME, 1));
            sender.publish(hint(OTHER, 1));
            await().until(() -> count.received.get() == 1);
            assertThat(ear.hints).hasValue(1);
        }
    }

    @Test
    void oneLostConnectionIsMadeAgain() {
        try (TestRedis own = TestRedis.start()) {
            for (String type : List.of("pubsub", "normal")) {
                Tally ear = new Tally();
                RedisBus bus = connected(own.address(), RedisBusSettings.defaults(), BusMetrics.NONE);
                bus.subscribe(ear);
                bus.follow(ACME);
                await().until(() -> ear.followed.get() == 1);

                own.command("CLIENT KILL TYPE " + type);

                await().until(() -> ear.reconnected.get() == 1);
                await().until(bus::connected);
                RedisBus sender = connected(own.address(), RedisBusSettings.defaults(), BusMetrics.NONE);
                sender.publish(hint(ACME, 1));
                await().until(() -> ear.hints.get() == 1);
                bus.close();
                sender.close();
            }
        }
    }

    @Test
    void itIsConnectedOnlyWhenItMaySubscribeToAll() throws Exception {
        try (TestRedis own = TestRedis.start("--user", "ada", "on", ">secret", "&heliograph:*", "+@all");
                Callers callers = new Callers()) {
            Tally ear = new Tally();
            RedisBus bus = connected(
                    TestRedis.address("redis://ada:secret@127.0.0.1:" + own.port()), IMPATIENT, BusMetrics.NONE);
            bus.subscribe(ear);
            bus.follow(ACME);
            await().until(() -> ear.followed.get() == 1);

            // Redis closes connections with subscriptions that are no longer allowed.
            own.command("ACL SETUSER ada resetchannels &heliograph:0:signals");
            await().until(() -> !bus.connected());
            AtomicBoolean done = new AtomicBoolean();
            Future<Boolean> seenConnected = callers.submit(() -> {
                boolean seen = false;
                while (!done.get()) {
                    seen |= bus.connected();
                    Thread.onSpinWait();
                }
                return seen;
            });
            long connects = own.commandStatistics("hello");
            await().until(() -> own.commandStatistics("hello") >= connects + 10);
            done.set(true);
            assertThat(seenConnected.get()).isFalse();
            assertThat(ear.reconnected).hasValue(0);

            own.command("ACL SETUSER ada &heliograph:*");
            await().until(() -> bus.connected() && ear.reconnected.get() == 1);
        }
    }

    @Test
    void whatWasUnderWayWhenRedisEndedIsDroppedAtOnceAndNotSentLater() {
        try (TestRedis own = TestRedis.start()) {
            RedisBusSettings patient =
                    RedisBusSettings.builder().timeout(Duration.ofMinutes(1)).build();
            Count sent = new Count();
            RecordingListener ear = new RecordingListener();
            RedisBus sender = connected(own.address(), patient, sent);
            RedisBus other = connected(own.address(), patient, BusMetrics.NONE);
            other.subscribe(ear);
            own.pause();
            for (int i = 0; i < 3; i++) {
                sender.signal(new Signal(ACME, "kind", "early"));
            }

            own.kill();
            await().until(() -> sent.dropped.get() == 3);

            own.startAgain();
            await().atMost(Duration.ofSeconds(20)).until(() -> sender.connected() && other.connected());
            sender.signal(new Signal(ACME, "kind", "late"));
            await().until(() -> !ear.signals.isEmpty());
            assertThat(ear.signals).containsExactly(new Signal(ACME, "kind", "late"));
            // The late one, and that some were missed.
            await().until(() -> sent.published.get() == 2);
        }
    }

    @Test
    void theOthersAreToldOfLossesAtMostOnceASecond() {
        try (TestRedis own = TestRedis.start()) {
            ManualTicker ticker = new ManualTicker();
            Tally ear = new Tally();
            Count count = new Count();
            RedisBusSettings small =
                    RedisBusSettings.builder().unansweredBytes(1).build();
            connected(own.address(), RedisBusSettings.defaults(), BusMetrics.NONE)
                    .subscribe(ear);
            RedisBus sender = RedisBus.open(own.address(), small, count, ticker);
            opened.add(sender);
            await().until(sender::connected);

            lose(sender, count);
            await().until(() -> ear.reconnected.get() == 1);
            lose(sender, count);
            int calls = ticker.calls.get();
            await().until(() -> ticker.calls.get() >= calls + 3);
            assertThat(ear.reconnected).hasValue(1);

            ticker.nanos.set(Duration.ofSeconds(1).toNanos());
            await().until(() -> ear.reconnected.get() == 2);
        }
    }

    private static final class ManualTicker implements Ticker {
        final AtomicLong nanos = new AtomicLong();
        final AtomicInteger calls = new AtomicInteger();

        @Override
        public long nanoTime() {
            calls.incrementAndGet();
            return nanos.get();
        }
    }

    /** One message may be under way; sooner or later two are. */
    private static void lose(RedisBus sender, Count count) {
        int before = count.dropped.get();
        await().until(() -> {
            sender.publish(hint(ACME, 1));
            sender.publish(hint(ACME, 2));
            return count.dropped.get() > before;
        });
    }

    @Test
    void aClusterThatBecomesASingleServerIsUsedByShardedChannels(@TempDir Path folder) {
        List<String> cluster = List.of("--cluster-enabled", "yes", "--dir", folder.toString());
        try (TestRedis own = TestRedis.start(cluster.toArray(String[]::new))) {
            Tally ear = new Tally();
            RedisBus bus = connected(own.address(), IMPATIENT, BusMetrics.NONE);
            bus.subscribe(ear);
            bus.follow(ACME);
            await().until(() -> ear.followed.get() == 1);

            own.kill();
            await().until(() -> !bus.connected());
            own.startAgain(List.of());
            await().until(() -> bus.connected() && ear.reconnected.get() == 1);

            connected(own.address(), IMPATIENT, BusMetrics.NONE).publish(hint(ACME, 1));
            await().until(() -> ear.hints.get() == 1);
        }
    }

    @Test
    void aRejectedSubscriptionIsNoConnection() {
        String rights = "ada on >secret &heliograph:0:signals &heliograph:0:log:" + ACME + " +@all";
        try (TestRedis own = TestRedis.start(("--user " + rights).split(" "))) {
            Tally ear = new Tally();
            RedisBus bus = connected(
                    TestRedis.address("redis://ada:secret@127.0.0.1:" + own.port()), IMPATIENT, BusMetrics.NONE);
            bus.subscribe(ear);
            bus.follow(ACME);
            await().until(() -> ear.followed.get() == 1);

            bus.follow(OTHER);
            await().until(() -> !bus.connected());

            own.command("ACL SETUSER ada &heliograph:*");
            await().until(() -> bus.connected() && ear.reconnected.get() == 1);
        }
    }

    @Test
    void anIdleBusStaysConnected() {
        try (TestRedis own = TestRedis.start()) {
            Tally ear = new Tally();
            RedisBus bus = connected(own.address(), IMPATIENT, BusMetrics.NONE);
            bus.subscribe(ear);

            // Two connections, three pings in 500 ms: more than twice the timeout.
            await().until(() -> own.commandStatistics("ping") >= 20);

            assertThat(bus.connected()).isTrue();
            assertThat(ear.reconnected).hasValue(0);
        }
    }

    @Test
    void whatTwoThreadsFollowAndUnfollowAtOnceIsFollowed() throws Exception {
        try (TestRedis own = TestRedis.start();
                Callers callers = new Callers()) {
            RedisBus bus = connected(own.address(), RedisBusSettings.defaults(), BusMetrics.NONE);
            CyclicBarrier barrier = new CyclicBarrier(2);
            List<Future<?>> rounds = new ArrayList<>();
            int workspaces = 300;
            for (int i = 0; i < workspaces; i++) {
                WorkspaceId workspace = new WorkspaceId("ws_" + i);
                bus.follow(workspace);
                rounds.add(callers.submit(() -> {
                    barrier.await();
                    bus.follow(workspace);
                    return 0;
                }));
                rounds.add(callers.submit(() -> {
                    barrier.await();
                    bus.unfollow(workspace);
                    return 0;
                }));
            }
            for (Future<?> round : rounds) {
                round.get();
            }

            await().until(() ->
                    own.command("PUBSUB SHARDCHANNELS heliograph:0:log:*").equals("*" + workspaces));
        }
    }

    @Test
    void anOutageIsOneWarning() {
        try (TestRedis own = TestRedis.start();
                CapturedOutput output = CapturedOutput.start()) {
            RedisBus bus = connected(own.address(), IMPATIENT, BusMetrics.NONE);
            for (int outage = 1; outage <= 2; outage++) {
                own.kill();
                await().until(() -> !bus.connected());
                own.startAgain();
                await().until(bus::connected);
                int expected = outage;
                await().until(() -> output.count("the bus on " + own.address() + " is connected") == expected + 1);

                assertThat(output.count("the bus on " + own.address() + " is unreachable"))
                        .isEqualTo(outage);
            }
        }
    }

    @Test
    void itEndsItsThreads() {
        try (TestRedis own = TestRedis.start()) {
            Set<Thread> before = threads();
            RedisBus bus = connected(own.address(), IMPATIENT, BusMetrics.NONE);
            RedisBus away = connected(own.address(), IMPATIENT, BusMetrics.NONE);
            assertThat(threads()).hasSizeGreaterThan(before.size());

            bus.close();
            own.kill();
            await().until(() -> !away.connected());
            away.close();

            await().until(() -> before.containsAll(threads()));
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("redis-bus")
                        || thread.getName().startsWith("lettuce-"))
                .collect(Collectors.toSet());
    }

    @Test
    void pausesBetweenAttemptsGrowAndEndAtTheLongest() {
        RedisConnector.RetryDelay delay = new RedisConnector.RetryDelay(1_000);

        for (int attempt = 1; attempt < 200; attempt++) {
            long most = attempt < 6 ? 50L << (attempt - 1) : 1_000;
            assertThat(delay.createDelay(attempt))
                    .as("attempt %d", attempt)
                    .isBetween(Duration.ofMillis(most / 2), Duration.ofMillis(most));
        }
    }

    @Test
    void shardedChannelsAreForNewServersThatAreNoCluster() {
        assertThat(RedisChannels.hasShardedChannels("redis_version:7.0.15\r\nredis_mode:standalone"))
                .isTrue();
        assertThat(RedisChannels.hasShardedChannels("redis_version:10.1.0\r\n")).isTrue();
        assertThat(RedisChannels.hasShardedChannels("redis_version:6.2.1\r\n")).isFalse();
        assertThat(RedisChannels.hasShardedChannels("redis_version:7.0.15\r\nredis_mode:cluster"))
                .isFalse();
        assertThat(RedisChannels.hasShardedChannels("")).isFalse();
    }
}
