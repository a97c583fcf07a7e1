package io.heliograph.server.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventEncoder;
import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.LiveSink;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.ResetReason;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.events.TraceId;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.Credentials;
import io.heliograph.server.identity.Revocation;
import io.heliograph.server.identity.Revocations;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.identity.Verification;
import io.heliograph.server.identity.Verification.Rejected;
import io.heliograph.server.identity.Verification.Verified;
import io.heliograph.server.json.Json;
import io.heliograph.server.json.JsonFault;
import io.heliograph.socketio.Ack;
import io.heliograph.socketio.Arguments;
import io.heliograph.socketio.ConnectError;
import io.heliograph.socketio.Namespace;
import io.heliograph.socketio.Next;
import io.heliograph.socketio.PreparedEvent;
import io.heliograph.socketio.Recovery;
import io.heliograph.socketio.Socket;
import io.heliograph.socketio.SocketEventListener;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;

/**
 * Joins the sockets to the log. A connecting client is let in by its credential, told whether it goes on from where it
 * was, sent what it has missed, and attached to its workspace's feed; new events go to rooms, encoded once.
 *
 * <p>The life of a connection: middleware verifies the credential; {@link #recover} checks the presented cursor against
 * the log of that credential's workspace; behind the answer to CONNECT the feed sends the pages after it, and in the step
 * in which nothing is missing the socket joins its rooms ({@link Attachment}). See {@code docs/PROTOCOL.md}.
 *
 * <p>Safe from any thread. Verifying blocks on the database and runs on virtual threads; nothing else here blocks.
 */
final class EventsGateway implements LiveSink<Outgoing>, EventEncoder<Outgoing>, Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(EventsGateway.class);
    private static final List<String> EVENTS = List.of("auth:renew", "topics:watch");
    /** A client that sends this many seconds' worth of events without heeding that they are refused is sent away. */
    private static final int SECONDS_OF_FLOOD = 10;

    private final Credentials credentials;
    private final GatewaySettings settings;
    private final Clock clock;
    private final Deadlines deadlines;
    private final GatewayMetrics metrics;
    private final Pace eventPace;
    private final Set<Attachment> attachments = ConcurrentHashMap.newKeySet();

    // Set once by open(), before there is any socket.
    private @Nullable Namespace namespace;
    private @Nullable Feeds<Outgoing> feeds;
    private @Nullable Entrance entrance;

    EventsGateway(Credentials credentials, GatewaySettings settings, Clock clock, GatewayMetrics metrics) {
        this.credentials = credentials;
        this.settings = settings;
        this.clock = clock;
        this.deadlines = new Deadlines(clock, attachments);
        this.metrics = metrics;
        this.eventPace = Pace.perSecond(settings.maxEventsPerSecond());
    }

    /** Lets sockets in from now on. */
    void open(Namespace main, Feeds<Outgoing> opened, Entrance guarded, Revocations revocations) {
        namespace = main;
        feeds = opened;
        entrance = guarded;
        revocations.listen(this::revoked);
        main.use(this::admit);
        main.onConnection(this::connected);
    }

    // --- letting in ------------------------------------------------------------------------------------------------

    private void admit(Socket socket, Next next) {
        Attachment attachment = new Attachment(socket, this);
        // Before the credential is read: what is revoked meanwhile finds it here.
        attachments.add(attachment);
        socket.onClosed(() -> gone(attachment));
        socket.data(attachment);
        Optional<ConnectError> refusal;
        try {
            refusal = refusal(attachment, socket);
        } catch (DataAccessException failure) {
            comeBack(socket, "verified", failure);
            return;
        }
        refusal.ifPresentOrElse(next::reject, next::proceed);
    }

    /**
     * What failed is ours, and passes. A stock client does not come back by itself after it was refused; it does when its
     * connection is lost.
     */
    private static void comeBack(Socket socket, String what, Throwable failure) {
        LOG.warn("a client could not be {}, and its connection is closed so that it comes back", what, failure);
        socket.closeConnection();
    }

    private Optional<ConnectError> refusal(Attachment attachment, Socket socket) {
        // The first one was admitted with its handshake.
        Optional<ConnectError> tooMany =
                socket.first() ? Optional.empty() : entrance().admitAgain();
        return tooMany.isPresent()
                ? tooMany
                // A socket that has left meanwhile is not verified.
                : entrance().verify(() -> attachment.left() ? Optional.empty() : refusalOf(attachment, socket));
    }

    private Optional<ConnectError> refusalOf(Attachment attachment, Socket socket) {
        ClientMessages.Connect connect;
        try {
            connect = ClientMessages.connect(socket.auth());
        } catch (ClientMessages.Invalid invalid) {
            return Optional.of(entrance()
                    .refused(ErrorCode.INVALID_REQUEST, invalid.fault().sentence()));
        }
        String token = connect.token().orElse("");
        Verification verification = attachment.credential().verify(() -> credentials.verify(token), _ -> true);
        return switch (verification) {
            case Rejected(ErrorCode code, String detail) ->
                Optional.of(entrance().refused(code, detail));
            case Verified verified -> {
                if (verified.caller() instanceof Caller.Key key && !key.scopes().contains(Scope.READ)) {
                    yield Optional.of(entrance()
                            .refused(
                                    ErrorCode.FORBIDDEN,
                                    "The API key \"" + key.name() + "\" lacks the scope read, which listening needs"));
                }
                yield entrance().occupy(attachment, verified.caller());
            }
        };
    }

    // --- recovering ------------------------------------------------------------------------------------------------

    @Override
    public CompletionStage<Outcome> recover(Request request) {
        Attachment attachment = attachment(request.socket());
        WorkspaceId workspace = credential(attachment).caller().workspace();
        // What does not fit was refused before the credential was read.
        ClientMessages.Connect auth = ClientMessages.connect(request.socket().auth());
        Resumption resumption = Resumption.of(auth.pid(), auth.offset(), auth.cursor());
        if (resumption.malformed()) {
            LOG.info("a client of workspace {} presented a cursor that is none; it starts at the head", workspace);
        }
        // Looks at the first event behind the cursor, only to learn whether the log can serve it, and where that is.
        return feeds().poll(workspace, resumption.start(), event -> true, 1, Duration.ZERO)
                .thenApply(waited -> switch (waited) {
                    case PollResult.Reset(ResetReason reason, Cursor head) -> {
                        LOG.info("workspace {}: the log cannot serve a client's cursor ({})", workspace, reason.code());
                        metrics.recovery(reason.code());
                        yield fresh(attachment, head, Optional.of(reason.code()));
                    }
                    case PollResult.Page(List<Event> events, Cursor cursor) -> {
                        metrics.recovery(resumption.malformed() ? "malformed" : outcome(resumption));
                        if (resumption.malformed()) {
                            yield fresh(attachment, cursor, Optional.of("malformed"));
                        }
                        Cursor from = resumption.cursor().orElse(cursor);
                        yield resumption
                                .pid()
                                .<Outcome>map(pid -> new Recovered(pid, Optional.empty(), _ -> join(attachment, from)))
                                .orElseGet(() -> fresh(attachment, from, Optional.empty()));
                    }
                })
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        comeBack(request.socket(), "told where it goes on", failure);
                    }
                });
    }

    private static String outcome(Resumption resumption) {
        return resumption.pid().isPresent() ? "recovered" : resumption.cursor().isPresent() ? "continued" : "fresh";
    }

    private Outcome fresh(Attachment attachment, Cursor from, Optional<String> resetReason) {
        return new Fresh(Optional.of(Resumption.newPid(from)), socket -> {
            resetReason.ifPresent(reason -> socket.send(reset(reason, from)));
            join(attachment, from);
        });
    }

    private void join(Attachment attachment, Cursor from) {
        WorkspaceId workspace = credential(attachment).caller().workspace();
        attachment.reading(feeds().join(workspace, StartPosition.after(from), attachment::sees, attachment));
    }

    // --- while connected -------------------------------------------------------------------------------------------

    private void connected(Socket socket) {
        Attachment attachment = attachment(socket);
        socket.eraseCredentials();
        socket.on("auth:renew", paced(attachment, (arguments, ack) -> renew(attachment, arguments, ack)));
        socket.on("topics:watch", paced(attachment, (arguments, ack) -> watch(attachment, arguments, ack)));
        socket.onUnhandled((event, _, ack) ->
                ack.send(Map.of("error", tooEarly(attachment).orElseGet(EventsGateway::unknownEvent))));
        attachment.credential().watchExpiry();
        deadlines.changed(attachment);
    }

    /** Answers events that come too fast, instead of handling them. */
    private SocketEventListener paced(Attachment attachment, SocketEventListener listener) {
        return (arguments, ack) -> tooEarly(attachment)
                .ifPresentOrElse(error -> ack.send(Map.of("error", error)), () -> handle(listener, arguments, ack));
    }

    private static void handle(SocketEventListener listener, Arguments arguments, Ack ack) {
        try {
            listener.onEvent(arguments, ack);
        } catch (ClientMessages.Invalid invalid) {
            ack.send(failure(invalid.fault()));
        }
    }

    /** Counts an event; what to tell the client when it came too early. One that goes on all the same is sent away. */
    private Optional<Map<String, Object>> tooEarly(Attachment attachment) {
        Duration early = attachment.count();
        if (early.isZero()) {
            return Optional.empty();
        }
        metrics.met(Limit.MAX_EVENTS_PER_SECOND);
        String code = ErrorCode.TOO_MANY_REQUESTS.code();
        String message = "A socket sends at most " + settings.maxEventsPerSecond() + " events a second ("
                + Limit.MAX_EVENTS_PER_SECOND.setting() + ")";
        if (attachment.refusedEvents() == SECONDS_OF_FLOOD * settings.maxEventsPerSecond()) {
            attachment.close(code, message);
        }
        return Optional.of(Map.of("code", code, "message", message, "retryAfterMs", Math.max(1, early.toMillis())));
    }

    /** A socket is gone, whether it was ever connected or not. */
    private void gone(Attachment attachment) {
        attachments.remove(attachment);
        attachment.leave();
    }

    private void renew(Attachment attachment, Arguments arguments, Ack ack) {
        String token =
                ClientMessages.argument(arguments, ClientMessages.Renewal.class).token();
        Caller caller = credential(attachment).caller();
        Predicate<Verified> ofTheSame = now -> sameCaller(caller, now.caller());
        switch (attachment.credential().verify(() -> credentials.verify(token), ofTheSame)) {
            case Rejected(ErrorCode code, String detail) -> ack.send(failure(code, detail));
            case Verified now
            when !ofTheSame.test(now) ->
                ack.send(failure(
                        ErrorCode.FORBIDDEN,
                        "The token is of another member or workspace; open a new connection with it"));
            case Verified now -> {
                deadlines.changed(attachment);
                ack.send(now.expiresAt()
                        .<Map<String, Object>>map(at -> Map.of("ok", true, "expiresAt", Json.format(at)))
                        .orElseGet(() -> Map.of("ok", true)));
            }
        }
    }

    private static Map<String, Object> unknownEvent() {
        return Map.of(
                "code",
                ErrorCode.UNKNOWN_EVENT.code(),
                "message",
                "There is no such event here; a client may emit " + String.join(", ", EVENTS),
                "known",
                EVENTS);
    }

    private void watch(Attachment attachment, Arguments arguments, Ack ack) {
        ClientMessages.Watch request = ClientMessages.argument(arguments, ClientMessages.Watch.class);
        if (request.everything()) {
            attachment.watch(Optional.empty());
            ack.send(Map.of("ok", true, "watching", 0, "all", true));
            return;
        }
        JsonNode agents = request.agents();
        if (agents.size() > settings.maxWatchedTopics()) {
            metrics.met(Limit.MAX_WATCHED_TOPICS);
            ack.send(failure(
                    ErrorCode.INVALID_REQUEST,
                    "A socket watches at most " + settings.maxWatchedTopics() + " agents ("
                            + Limit.MAX_WATCHED_TOPICS.setting() + "), not " + agents.size()));
            return;
        }
        Set<String> topics = request.topics();
        attachment.watch(Optional.of(topics));
        ack.send(Map.of("ok", true, "watching", topics.size()));
    }

    private static Map<String, Object> failure(JsonFault fault) {
        return Map.of(
                "error",
                Map.of(
                        "code",
                        ErrorCode.INVALID_REQUEST.code(),
                        "message",
                        fault.sentence(),
                        "errors",
                        List.of(fault)));
    }

    private static Map<String, Object> failure(ErrorCode code, String message) {
        return Map.of("error", Map.of("code", code.code(), "message", message));
    }

    /** Does what is due because credentials end; to be called several times a second. */
    void runDue() {
        deadlines.runDue();
    }

    SocketCredential newCredential() {
        return new SocketCredential(settings.expiryWarning(), clock);
    }

    private void revoked(Revocation revocation) {
        forEach("be told of a revocation", attachment -> {
            attachment.revoked(revocation);
            deadlines.changed(attachment);
        });
    }

    /** What fails for one socket is logged, and leaves the others alone. */
    private void forEach(String what, Consumer<Attachment> action) {
        for (Attachment attachment : attachments) {
            try {
                action.accept(attachment);
            } catch (RuntimeException | Error failure) {
                LOG.error("socket {} could not {}", attachment.socket().id(), what, failure);
            }
        }
    }

    /**
     * Tells every client when to come back, each a moment of its own, as many a second as {@link GatewaySettings#drainRate}
     * says. The connections are closed by whoever calls this.
     */
    void drain() {
        long spreadMillis = 1000L * attachments.size() / settings.drainRate();
        forEach(
                "be told to come back",
                attachment -> attachment.drain(ThreadLocalRandom.current().nextLong(spreadMillis + 1)));
    }

    // --- delivering ------------------------------------------------------------------------------------------------

    @Override
    public Outgoing encode(Event event) {
        PreparedEvent prepared = namespace()
                .prepare(event.type(), event.payload(), event.cursor().toString());
        return new Outgoing(
                Outgoing.rooms(event), event.position().at(), prepared, event.type(), TraceId.of(event.payload()));
    }

    @Override
    public int bytes(Outgoing prepared) {
        return prepared.event().bytes();
    }

    @Override
    public void release(Outgoing prepared) {
        // The garbage collector's.
    }

    /** Neighbours with the same rooms go out together, and share a write. */
    @Override
    public void deliver(WorkspaceId workspace, List<Outgoing> batch) {
        int from = 0;
        while (from < batch.size()) {
            List<String> rooms = batch.get(from).rooms();
            int to = from + 1;
            while (to < batch.size() && batch.get(to).rooms().equals(rooms)) {
                to++;
            }
            namespace()
                    .to(rooms)
                    .send(batch.subList(from, to).stream().map(Outgoing::event).toList());
            from = to;
        }
        metrics.delivered(batch);
    }

    void sendReset(Socket socket, ResetReason reason, Cursor head) {
        metrics.recovery(reason.code());
        socket.send(reset(reason.code(), head));
    }

    private PreparedEvent reset(String reason, Cursor head) {
        return namespace().prepare("reset", ("{\"reason\":\"" + reason + "\"}").getBytes(UTF_8), head.toString());
    }

    // ---------------------------------------------------------------------------------------------------------------

    private static boolean sameCaller(Caller one, Caller other) {
        Function<Caller, String> id = caller -> switch (caller) {
            case Caller.Member member -> member.memberId();
            case Caller.Key key -> key.lineage();
        };
        return one.workspace().equals(other.workspace()) && id.apply(one).equals(id.apply(other));
    }

    private static Attachment attachment(Socket socket) {
        return socket.data(Attachment.class).orElseThrow();
    }

    private static Verified credential(Attachment attachment) {
        return attachment.credential().current().orElseThrow();
    }

    private Namespace namespace() {
        return opened(namespace);
    }

    Pace eventPace() {
        return eventPace;
    }

    private Entrance entrance() {
        return opened(entrance);
    }

    private Feeds<Outgoing> feeds() {
        return opened(feeds);
    }

    private static <T> T opened(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the gateway is not open yet");
        }
        return part;
    }
}
