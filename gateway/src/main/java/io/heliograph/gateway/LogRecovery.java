package io.heliograph.gateway;

import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.ResetReason;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.socketio.Recovery.Fresh;
import io.heliograph.socketio.Recovery.Outcome;
import io.heliograph.socketio.Recovery.Recovered;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where in its workspace's log a connecting client continues: after the cursor that it presents, when the log
 * can serve it, otherwise at the head. After the answer to CONNECT the feed sends the pages after that position; in the
 * step in which nothing is missing the connection joins its rooms.
 *
 * <p>Safe from any thread; nothing blocks.
 */
final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);
    private static final String MALFORMED = "malformed";

    private final Feeds<OutgoingEvent> feeds;
    private final LiveDelivery delivery;
    private final GatewayObserver observer;

    LogRecovery(Feeds<OutgoingEvent> feeds, LiveDelivery delivery, GatewayObserver observer) {
        this.feeds = feeds;
        this.delivery = delivery;
        this.observer = observer;
    }

    /** Decides about a connection whose credential was accepted. */
    CompletionStage<Outcome> recover(ClientConnection connection) {
        WorkspaceId workspace = connection.principal().workspace();
        // A message that does not fit was refused before the credential was read.
        ClientMessages.Connect auth = ClientMessages.connect(connection.socket().auth());
        Resumption resumption = Resumption.of(auth.pid(), auth.offset(), auth.cursor());
        if (resumption.malformed()) {
            LOG.info("a client of workspace {} presented a malformed cursor; it starts at the head", workspace);
        }
        // Polls for one event after the cursor, only to learn whether the log can serve the cursor.
        return feeds.poll(workspace, resumption.start(), event -> true, 1, Duration.ZERO)
                .thenApply(waited -> outcome(connection, resumption, waited))
                .whenComplete((outcome, failure) -> {
                    if (failure != null) {
                        connection.closeForRetry("recovered", failure);
                    }
                });
    }

    private Outcome outcome(ClientConnection connection, Resumption resumption, PollResult waited) {
        return switch (waited) {
            case PollResult.Reset(ResetReason reason, Cursor head) -> {
                LOG.info("the log cannot serve a client's cursor ({})", reason.code());
                observer.recovery(reason.code());
                yield fresh(connection, head, Optional.of(reason.code()));
            }
            case PollResult.Page(var events, Cursor cursor) -> {
                observer.recovery(resumption.malformed() ? MALFORMED : name(resumption));
                if (resumption.malformed()) {
                    yield fresh(connection, cursor, Optional.of(MALFORMED));
                }
                Cursor from = resumption.cursor().orElse(cursor);
                yield resumption
                        .pid()
                        .<Outcome>map(pid -> new Recovered(pid, Optional.empty(), socket -> join(connection, from)))
                        .orElseGet(() -> fresh(connection, from, Optional.empty()));
            }
        };
    }

    private static String name(Resumption resumption) {
        return resumption.pid().isPresent() ? "recovered" : resumption.cursor().isPresent() ? "continued" : "fresh";
    }

    private Outcome fresh(ClientConnection connection, Cursor from, Optional<String> resetReason) {
        return new Fresh(Optional.of(Resumption.newPid(from)), socket -> {
            resetReason.ifPresent(reason -> socket.send(delivery.reset(reason, from)));
            join(connection, from);
        });
    }

    private void join(ClientConnection connection, Cursor from) {
        WorkspaceId workspace = connection.principal().workspace();
        connection.follow(feeds.join(workspace, StartPosition.after(from), connection::mayRead, connection));
    }

    /** Sends a connected client the {@code reset} event. */
    void reset(ClientConnection connection, ResetReason reason, Cursor head) {
        observer.recovery(reason.code());
        connection.socket().send(delivery.reset(reason, head));
    }
}
