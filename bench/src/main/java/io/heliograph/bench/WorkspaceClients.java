package io.heliograph.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * The clients of one workspace, on one event loop: they follow its log, disconnect all at once and reconnect.
 *
 * <p>A client that is refused or loses its connection retries after 0.5 to 1.5 s, as a stock client does. Each must
 * receive every event once and in order; deviations are counted. <p>Threading: the public face is called from the
 * bench's thread and waits, with a deadline; the rest belongs to the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as a lost connection
final class WorkspaceClients implements AutoCloseable {
    private static final int PER_ADDRESS = 5_000;
    private static final int CONNECTING_AT_ONCE = 64;
    private static final int RECEIVE_BUFFER = 64 * 1024;
    private static final int CURSORS = 4_096;
    private static final long DEADLINE_SECONDS = 120;
    private static final long HIGHEST_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final EventLoop loop;
    private final int port;
    private final String credential;
    private final boolean gapless;
    private final Bootstrap bootstrap;

    // Owned by the loop.
    private final List<WorkspaceClient.Progress> clients = new ArrayList<>();
    private final Set<WorkspaceClient> open = new HashSet<>();
    private final Map<Long, String> cursors = new HashMap<>();
    private final SendTime stamp = new SendTime();
    private final Histogram latencies = new Histogram(1_000, HIGHEST_LATENCY_NANOS, 3);
    private long highest;
    private long target = Long.MAX_VALUE;
    private int behind;
    private int waitingToConnect;
    private boolean gentle;
    private boolean closed;
    private long stamped;
    private long delivered;
    private long misordered;
    private long resets;
    private long recovered;
    private long fresh;
    private long losses;
    private CompletableFuture<Void> allConnected = new CompletableFuture<>();
    private CompletableFuture<Void> allCaughtUp = new CompletableFuture<>();

    /** What happened since the counts were last taken. */
    record Counts(long delivered, long misordered, long resets, long recovered, long fresh, long lost) {}

    /** Events with a stamp, from their sending to each client. */
    record Window(Histogram latencies, Counts counts) {}

    /** Clients that see every event of the workspace. */
    WorkspaceClients(EventLoop loop, int port, String credential) {
        this(loop, port, credential, true);
    }

    /** @param gapless whether these clients see every event; otherwise some are for single members only */
    WorkspaceClients(EventLoop loop, int port, String credential, boolean gapless) {
        this.loop = loop;
        this.port = port;
        this.credential = credential;
        this.gapless = gapless;
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BUFFER))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_LINGER, 0)
                .option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
    }

    /** Adds clients, a few at a time, and returns when all are connected. */
    void open(int count) {
        await(onLoop(() -> {
            gentle = true;
            allConnected = new CompletableFuture<>();
            for (int i = 0; i < count; i++) {
                clients.add(new WorkspaceClient.Progress());
            }
            waitingToConnect = count;
            for (int i = 0; i < CONNECTING_AT_ONCE; i++) {
                connectNext();
            }
            return allConnected;
        }));
    }

    /** Cuts every connection at once; returns when all are closed. */
    void drop() {
        await(onLoop(() -> {
            List<CompletableFuture<Void>> closing = new ArrayList<>();
            for (WorkspaceClient client : open) {
                CompletableFuture<Void> gone = new CompletableFuture<>();
                client.channel().closeFuture().addListener(_ -> gone.complete(null));
                closing.add(gone);
                client.close();
            }
            open.clear();
            return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
        }));
    }

    /** Reconnects every client at once. The futures: all are connected; all have the event at {@code offset}. */
    Return reconnect(long offset) {
        return await(onLoop(() -> {
            gentle = false;
            allConnected = new CompletableFuture<>();
            allCaughtUp = new CompletableFuture<>();
            target = offset;
            behind = clients.size();
            clients.forEach(WorkspaceClient.Progress::fallBehind);
            clients.forEach(this::connect);
            return CompletableFuture.completedFuture(new Return(allConnected, allCaughtUp));
        }));
    }

    record Return(CompletableFuture<Void> connected, CompletableFuture<Void> caughtUp) {
        void awaitConnected() {
            await(connected);
        }

        void awaitCaughtUp() {
            await(caughtUp);
        }
    }

    /** The offset of the newest event that any client has seen. */
    long highest() {
        return await(onLoop(() -> CompletableFuture.completedFuture(highest)));
    }

    /** Returns when the clients have received {@code count} events since the window was opened, or since the start. */
    void awaitDelivered(long count) {
        awaitCount(count, () -> counts().delivered());
    }

    /** Returns when the clients have received {@code count} events with a stamp since the start. */
    void awaitStamped(long count) {
        awaitCount(count, () -> await(onLoop(() -> CompletableFuture.completedFuture(stamped))));
    }

    private static void awaitCount(long count, LongSupplier received) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (received.getAsLong() < count) {
            if (System.nanoTime() > deadline) {
                throw new PeerFaultException("the events did not arrive within " + DEADLINE_SECONDS + " s");
            }
            BenchContext.pause(Duration.ofMillis(20));
        }
    }

    /** How many events the clients have received since the last window. */
    Counts counts() {
        return await(onLoop(() -> CompletableFuture.completedFuture(countsNow())));
    }

    void openWindow() {
        await(onLoop(() -> {
            latencies.reset();
            delivered = 0;
            misordered = 0;
            resets = 0;
            recovered = 0;
            fresh = 0;
            losses = 0;
            return CompletableFuture.completedFuture(true);
        }));
    }

    Window closeWindow() {
        return await(onLoop(() -> CompletableFuture.completedFuture(new Window(latencies.copy(), countsNow()))));
    }

    @Override
    public void close() {
        await(onLoop(() -> {
            closed = true;
            open.forEach(WorkspaceClient::close);
            open.clear();
            return CompletableFuture.completedFuture(true);
        }));
    }

    // --- on the loop -----------------------------------------------------------------------------------------------

    String credential() {
        return credential;
    }

    /** The cursor of the event at {@code offset}; empty when none of these clients has seen it. */
    Optional<String> cursor(long offset) {
        return Optional.ofNullable(cursors.get(offset));
    }

    /** Whether a client that has everything up to {@code last} may get the event at {@code offset}. */
    boolean inOrder(long last, long offset) {
        return gapless ? offset == last + 1 : offset > last;
    }

    boolean isNew(long offset) {
        return offset > highest;
    }

    void learn(long offset, String cursor) {
        highest = offset;
        cursors.put(offset, cursor);
        cursors.remove(offset - CURSORS);
    }

    void connected(WorkspaceClient client, WorkspaceClient.Progress progress, boolean back) {
        open.add(client);
        if (back) {
            recovered++;
        } else {
            fresh++;
        }
        caughtUp(progress);
        if (open.size() == clients.size()) {
            allConnected.complete(null);
        } else if (gentle) {
            connectNext();
        }
    }

    void delivered(WorkspaceClient.Progress progress, ByteBuf buffer, int body, int length, long nowNanos) {
        delivered++;
        long sent = stamp.read(buffer, body, length);
        if (sent >= 0) {
            stamped++;
            latencies.recordValue(Math.clamp(nowNanos - sent, 0, HIGHEST_LATENCY_NANOS));
        }
        caughtUp(progress);
    }

    void misordered() {
        misordered++;
    }

    void reset() {
        resets++;
    }

    void lost(WorkspaceClient client, WorkspaceClient.Progress progress, Throwable cause) {
        open.remove(client);
        client.close();
        losses++;
        if (!closed) {
            if (losses == 1) {
                System.out.println("a client lost its connection: " + cause.getMessage());
            }
            long delayMillis = ThreadLocalRandom.current().nextLong(500, 1_500);
            loop.schedule(() -> connect(progress), delayMillis, TimeUnit.MILLISECONDS);
        }
    }

    private Counts countsNow() {
        return new Counts(delivered, misordered, resets, recovered, fresh, losses);
    }

    private void caughtUp(WorkspaceClient.Progress progress) {
        if (progress.catchesUp(target) && --behind == 0) {
            allCaughtUp.complete(null);
        }
    }

    private void connectNext() {
        if (waitingToConnect > 0) {
            connect(clients.get(clients.size() - waitingToConnect--));
        }
    }

    private void connect(WorkspaceClient.Progress progress) {
        if (closed) {
            return;
        }
        WorkspaceClient client = new WorkspaceClient(this, progress, port);
        int host = 2 + clients.size() / PER_ADDRESS;
        bootstrap
                .clone()
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(client);
                    }
                })
                .connect(address("127.0.0.1", port), address("127.0.0." + host, 0))
                .addListener(connecting -> {
                    if (!connecting.isSuccess()) {
                        lost(client, progress, connecting.cause());
                    }
                });
    }

    private static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }

    private <T> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> step) {
        return CompletableFuture.supplyAsync(step, loop).thenCompose(result -> result);
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new PeerFaultException("the server did not do its part within " + DEADLINE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new PeerFaultException("the load failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerFaultException("interrupted", e);
        }
    }
}
