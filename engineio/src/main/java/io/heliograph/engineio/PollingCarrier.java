package io.heliograph.engineio;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Long-polling: packets wait here until the peer's next GET fetches them; a GET waits here until there are packets.
 *
 * <p>At most one GET and one POST at a time; a second one is an error of the peer. Threading: owned by the session's
 * loop. Source: engine.io-protocol v4, "HTTP long-polling".
 */
@SuppressWarnings("ReferenceEquality") // of requests the same object is meant
final class PollingCarrier implements Carrier {

    /** How long a session that its peer has ended waits for a GET that was on the way. */
    private static final Duration LAST_POLL = Duration.ofSeconds(1);

    private final CarrierOwner session;
    private final Queue<Message> queue = new ArrayDeque<>(4);
    private long queuedBytes;
    private @Nullable PollingRequest poll;
    private @Nullable PollingRequest post;
    private @Nullable List<Runnable> drainTasks;
    // A POST that was received while the session takes no input; answered when it does again.
    private @Nullable PollingRequest heldPost;
    private boolean reading = true;
    // The session is over, and the peer does not know yet.
    private boolean closing;
    // The peer was sent the end.
    private boolean ended;
    // The peer ended it, and may have sent one more GET at the same time over another connection.
    private boolean lastPollExpected;

    PollingCarrier(CarrierOwner session) {
        this.session = session;
    }

    @Override
    public Transport transport() {
        return Transport.POLLING;
    }

    @Override
    public long queuedBytes() {
        return queuedBytes;
    }

    @Override
    public boolean writable() {
        return poll != null;
    }

    @Override
    public void send(Batch batch) {
        for (Message message : batch.messages()) {
            enqueue(message);
        }
        answerPoll();
    }

    @Override
    public void send(Message packet) {
        enqueue(packet);
        answerPoll();
    }

    @Override
    public void whenDrained(Runnable task) {
        if (queue.isEmpty()) {
            task.run();
            return;
        }
        List<Runnable> tasks = drainTasks == null ? new ArrayList<>(1) : drainTasks;
        tasks.add(task);
        drainTasks = tasks;
    }

    @Override
    public void reading(boolean reading) {
        this.reading = reading;
        PollingRequest held = heldPost;
        if (reading && held != null) {
            heldPost = null;
            held.respondOk();
        }
    }

    /**
     * The peer learns of it from its waiting GET, or from the next one within the close timeout.
     *
     * <p>What still waits goes out first, with a response of its own: a stock client hands packets on one by one in later
     * ticks, but acts on a close packet at once, so events of the same payload would come after the end of their connection.
     */
    @Override
    public void close(CloseReason reason) {
        closing = true;
        if (lingers(reason)) {
            reading(true);
        } else if (reason != CloseReason.TRANSPORT_CLOSE) {
            dropPost();
        }
        if (reason == CloseReason.SLOW_CONSUMER) {
            clearQueue();
        }
        if (poll != null) {
            answerPoll();
        } else if (lastPollExpected) {
            clearQueue();
            session.forgetLater(LAST_POLL);
        } else if (lingers(reason)) {
            session.forgetLater(session.closeTimeout());
        } else {
            session.forget();
        }
        runDrainTasks();
    }

    /** Takes a GET: answers it with what waits, or lets it wait. {@code false} when one waits already. */
    boolean poll(PollingRequest request) {
        if (ended) {
            request.refuse(ProtocolError.UNKNOWN_SID);
            return true;
        }
        if (poll != null) {
            return false;
        }
        poll = request;
        answerPoll();
        return true;
    }

    /** Notes that a POST has begun. {@code false} when one is under way already. */
    boolean beginPost(PollingRequest request) {
        if (post != null || heldPost != null) {
            return false;
        }
        post = request;
        return true;
    }

    boolean isPost(PollingRequest request) {
        return post == request;
    }

    /** The POST's packets were received. */
    void endPost(PollingRequest request) {
        post = null;
        if (reading) {
            request.respondOk();
        } else {
            heldPost = request;
        }
    }

    /** Whether the request was one that this carrier counts on. */
    boolean abort(PollingRequest request) {
        boolean ours = request == poll || request == post || request == heldPost;
        poll = request == poll ? null : poll;
        post = request == post ? null : post;
        heldPost = request == heldPost ? null : heldPost;
        return ours;
    }

    /**
     * Answers a waiting GET with a noop: the peer stops polling, or is to pause.
     *
     * @return whether one waited
     */
    boolean releasePoll() {
        boolean waiting = poll != null;
        if (waiting && queue.isEmpty()) {
            send(Message.NOOP);
        }
        return waiting;
    }

    /** The peer ends the session: a GET that it sent at the same time is answered with a noop. */
    void expectLastPoll() {
        lastPollExpected = true;
    }

    /** Gives up polling for another carrier, which takes over what still waits. */
    Queue<Message> handOver() {
        releasePoll();
        dropPost();
        return queue;
    }

    List<Runnable> handOverDrainTasks() {
        List<Runnable> tasks = drainTasks == null ? List.of() : drainTasks;
        drainTasks = null;
        return tasks;
    }

    /** Whether a peer whose session ended so is likely to come for the last packets. */
    static boolean lingers(CloseReason reason) {
        return reason == CloseReason.FORCED_CLOSE
                || reason == CloseReason.SERVER_SHUTTING_DOWN
                || reason == CloseReason.SLOW_CONSUMER;
    }

    private void dropPost() {
        PollingRequest dropped = post;
        post = null;
        if (dropped != null) {
            dropped.refuse(ProtocolError.BAD_REQUEST);
        }
        reading(true);
    }

    private void enqueue(Message message) {
        queue.add(message);
        queuedBytes += message.pollingBytes() + 1L;
    }

    private void answerPoll() {
        PollingRequest request = poll;
        if (request == null || (queue.isEmpty() && !closing)) {
            return;
        }
        poll = null;
        boolean last = queue.isEmpty();
        if (last) {
            ended = true;
            queue.add(lastPollExpected ? Message.NOOP : Message.CLOSE);
        }
        boolean compressible = queue.stream().anyMatch(Message::compressible);
        // A session counts until its peer was sent the end: the loops may be stopped once there is none.
        Runnable written = last ? () -> session.loop().execute(session::forget) : () -> {};
        request.respondPayload(Payload.encode(ByteBufAllocator.DEFAULT, queue), compressible, written);
        clearQueue();
        runDrainTasks();
    }

    private void clearQueue() {
        queue.clear();
        queuedBytes = 0;
    }

    private void runDrainTasks() {
        List<Runnable> tasks = drainTasks;
        drainTasks = null;
        if (tasks != null) {
            tasks.forEach(Runnable::run);
        }
    }
}
