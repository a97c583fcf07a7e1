package io.heliograph.bench;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;

/**
 * An agent that makes one event with each request: it writes messages, or asks for approvals.
 *
 * <p>A request carries the time at which it was due ({@link SendTime}), also when it has to wait for a free connection.
 * <p>Threading: the public face is called from the bench's thread; the rest belongs to the loop.
 */
final class CommandSender implements AutoCloseable {
    private static final int CONNECTIONS = 16;
    private static final String AGENT = "/v1/agents/bench";

    private final EventLoop loop;
    private final HttpPool http;
    private final Schedule schedule;
    private final String path;
    private final LongFunction<String> body;

    // Owned by the loop.
    private long answered;
    private long failed;

    /** Requests since the agent was registered: answered with success, or not; and how late the generator was at worst, since the rate was set or forgotten. */
    record Counts(long answered, long failed, long latestLagNanos) {}

    private CommandSender(EventLoop loop, int port, String key, String path, LongFunction<String> body) {
        this.loop = loop;
        this.http = new HttpPool(loop, port, key, CONNECTIONS);
        this.schedule = new Schedule(loop, this::post);
        this.path = path;
        this.body = body;
        // The agent's first report also appends events.
        loop.submit(() -> http.send(
                        HttpMethod.PUT,
                        AGENT,
                        "{\"name\":\"bench\",\"kind\":\"bench\"}",
                        CommandSender::checkRegistered))
                .syncUninterruptibly();
        http.drain();
    }

    /** Writes messages. */
    static CommandSender messages(EventLoop loop, int port, String key) {
        return new CommandSender(
                loop, port, key, AGENT + "/messages", dueNanos -> "{\"text\":\"" + SendTime.text(dueNanos) + "\"}");
    }

    /** Asks for approvals. */
    static CommandSender approvals(EventLoop loop, int port, String key) {
        return new CommandSender(
                loop,
                port,
                key,
                "/v1/approvals",
                dueNanos -> "{\"title\":\"Delete the backups?\","
                        + "\"agentId\":\"bench\",\"description\":\"" + SendTime.text(dueNanos)
                        + "\",\"action\":{\"name\":\"shell.run\",\"args\":{\"command\":\"rm -rf /backups\"}}}");
    }

    /** Sends {@code count} requests as fast as the connections allow, and returns when all are answered. */
    void write(int count) {
        loop.submit(() -> {
                    for (int i = 0; i < count; i++) {
                        post(System.nanoTime());
                    }
                })
                .syncUninterruptibly();
        http.drain();
    }

    /** Requests answered with success since the start. */
    long written() {
        return counts().answered();
    }

    /** Sends at a fixed rate until {@link #stop}. */
    void start(double perSecond) {
        schedule.start(perSecond);
    }

    /** Returns when all that was sent is answered. */
    void stop() {
        schedule.stop();
        http.drain();
    }

    /** Forgets how late the generator has been so far. */
    void forgetLag() {
        schedule.forgetLag();
    }

    Counts counts() {
        long lagNanos = schedule.latestLagNanos();
        return loop.submit(() -> new Counts(answered, failed, lagNanos))
                .syncUninterruptibly()
                .getNow();
    }

    @Override
    public void close() {
        schedule.stop();
        http.close();
    }

    private void post(long dueNanos) {
        http.send(HttpMethod.POST, path, body.apply(dueNanos), this::count);
    }

    private void count(FullHttpResponse answer) {
        if (answer.status().code() / 100 == 2) {
            answered++;
        } else if (failed++ == 0) {
            System.out.println("a request was refused: " + answer.status() + " "
                    + answer.content().toString(StandardCharsets.UTF_8));
        }
    }

    private static void checkRegistered(FullHttpResponse answer) {
        if (answer.status().code() / 100 != 2) {
            System.out.println("the agent was not registered: " + answer.status());
        }
    }
}
