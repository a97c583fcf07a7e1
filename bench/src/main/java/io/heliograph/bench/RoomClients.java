package io.heliograph.bench;

import io.netty.bootstrap.Bootstrap;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one server, all in one room and on one event loop.
 *
 * <p>Connections leave from 127.0.0.2, 127.0.0.3, … with {@value #PER_ADDRESS} each, so that ports suffice, and are
 * reset on close, so that none lingers in TIME_WAIT.
 * <p>Threading: the public face is called from the bench's thread and waits, with a deadline; the rest belongs to the
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as a lost connection
final class RoomClients implements Client.Owner, AutoCloseable {
    private static final int PER_ADDRESS = 5_000;
    private static final int CONNECTING_AT_ONCE = 64;
    private static final int RECEIVE_BUFFER = 64 * 1024;
    private static final long DEADLINE_SECONDS = 120;

    private final EventLoop loop;
    private final int port;
    private final Traffic traffic;
    private final Bootstrap bootstrap;

    // Owned by the loop.
    private final List<Client> clients = new ArrayList<>();
    private int wanted;
    private int connected;
    private CompletableFuture<Void> opened = new CompletableFuture<>();
    private @Nullable Throwable failure;

    RoomClients(EventLoop loop, int port, int publishers) {
        this.loop = loop;
        this.port = port;
        this.traffic = new Traffic(loop, publishers);
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BUFFER))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_LINGER, 0)
                .option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
    }

    /** Opens connections until {@code count} are open, and returns when the last one is in its namespace. */
    void open(int count) {
        await(onLoop(() -> {
            wanted = count;
            opened = new CompletableFuture<>();
            for (int i = 0; i < CONNECTING_AT_ONCE && clients.size() < wanted; i++) {
                connectOne();
            }
            return opened;
        }));
        await(onLoop(() -> {
            traffic.between(senders(), clients.size());
            return CompletableFuture.completedFuture(null);
        }));
    }

    void startClosed(int inFlightPerPublisher) {
        run(() -> traffic.startClosed(inFlightPerPublisher));
    }

    void startPaced(double publishesPerSecond, @Nullable Random random) {
        run(() -> traffic.startPaced(publishesPerSecond, random));
    }

    void drain() {
        await(onLoop(traffic::stop));
    }

    /** Runs {@code probe} on the loop in the same step in which the window opens. */
    <T> T openWindow(Supplier<T> probe) {
        return await(onLoop(() -> {
            traffic.openWindow();
            return CompletableFuture.completedFuture(probe.get());
        }));
    }

    /** As {@link #openWindow}, at the end. */
    <T> Measured<T> closeWindow(Supplier<T> probe) {
        return await(onLoop(() -> CompletableFuture.completedFuture(new Measured<>(traffic.window(), probe.get()))));
    }

    record Measured<T>(Traffic.Window window, T probe) {}

    int size() {
        return await(onLoop(() -> CompletableFuture.completedFuture(clients.size())));
    }

    @Override
    public void close() {
        await(CompletableFuture.runAsync(
                () -> {
                    clients.forEach(Client::close);
                    clients.clear();
                },
                loop));
    }

    @Override
    public void connected() {
        connected++;
        if (connected == wanted) {
            opened.complete(null);
        } else if (clients.size() < wanted) {
            connectOne();
        }
    }

    @Override
    public void lost(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        opened.completeExceptionally(cause);
    }

    private void connectOne() {
        Client client = new Client(this, traffic, port);
        int host = 2 + clients.size() / PER_ADDRESS;
        clients.add(client);
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
                        lost(connecting.cause());
                    }
                });
    }

    private static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }

    /** Publishers are spread over the room, so that the order of delivery favours none. */
    private Client[] senders() {
        int publishers = traffic.publishers();
        Client[] senders = new Client[publishers];
        for (int i = 0; i < publishers; i++) {
            senders[i] = clients.get((2 * i + 1) * clients.size() / (2 * publishers));
        }
        return senders;
    }

    private void run(Runnable step) {
        await(onLoop(() -> {
            step.run();
            return CompletableFuture.completedFuture(true);
        }));
    }

    private <T> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> step) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            if (failure != null) {
                                throw new PeerFaultException("the server lost a client before", failure);
                            }
                            return step.get();
                        },
                        loop)
                .thenCompose(result -> result);
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
