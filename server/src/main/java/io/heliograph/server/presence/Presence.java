package io.heliograph.server.presence;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.Scheduler;
import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.Subscription;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.ClientListener;
import io.heliograph.gateway.ClientSocket;
import io.heliograph.gateway.CommandRejectedException;
import io.heliograph.gateway.GatewayError;
import io.heliograph.gateway.Principal;
import io.heliograph.gateway.SocketCommand;
import io.heliograph.server.identity.IdentityAuthenticator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells the members of a workspace who is online and who looks at which approval.
 *
 * <p>A member is online while one of its sockets is open and not silent. A change leads to an update at once, but at most
 * one a second for a workspace; the last state is always sent. An update is the whole state, unlogged, for the sockets
 * that are writable; a new socket gets it within a second. Nodes tell each other of their members when they change and
 * every few seconds; those of a node that dies are gone after {@link WorkspacePresence#TTL}.
 *
 * <p>Safe from any thread. Sockets and the bus only change maps; updates are made on one thread, which may wait for busy
 * event loops. Nothing runs while no member has a socket.
 */
public final class Presence implements ClientListener, Bus.Listener, AutoCloseable {
    /** The name of the command. */
    public static final String SET = "presence:set";

    /** The event's name on a socket. */
    static final String UPDATE = "presence:update";

    /** How often members are looked at whose sockets may have fallen silent. */
    static final Duration SWEEP = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
    private static final String GROUP = "presence";

    private final String node = UUID.randomUUID().toString();
    private final Bus bus;
    private final JsonMapper json;
    private final PresenceSettings settings;
    private final PresenceMetrics metrics;
    private final Scheduler scheduler;
    private final Executor worker;
    private final Subscription subscription;
    /** Those with sockets here. */
    private final ConcurrentHashMap<WorkspaceId, WorkspacePresence> workspaces = new ConcurrentHashMap<>();

    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile PresenceSender sender = (_, _, _, _) -> {};
    private volatile Duration maxSilence = WorkspacePresence.TTL;

    /** The argument of {@code presence:update}. */
    private record Update(List<Shown> members, Optional<Boolean> truncated) {}

    private record Shown(String id, String name, Optional<String> approvalId) {}

    /** @param worker runs one task at a time, and may reject more than it can queue */
    Presence(
            Bus bus,
            JsonMapper json,
            PresenceSettings settings,
            PresenceMetrics metrics,
            Scheduler scheduler,
            Executor worker) {
        this.bus = bus;
        this.json = json;
        this.settings = settings;
        this.metrics = metrics;
        this.scheduler = scheduler;
        this.worker = worker;
        this.subscription = bus.subscribe(this);
    }

    /**
     * Must be called before the first socket connects.
     *
     * @param heartbeat how long a healthy socket may be silent
     */
    public void start(PresenceSender sender, Duration heartbeat) {
        this.sender = sender;
        Duration silence = heartbeat.plus(SWEEP);
        maxSilence = silence.compareTo(WorkspacePresence.TTL) > 0 ? silence : WorkspacePresence.TTL;
    }

    /** Handles {@link #SET}. */
    public SocketCommand command() {
        return new PresenceCommand(this);
    }

    // --- sockets -----------------------------------------------------------------------------------------------------

    @Override
    public void attached(ClientSocket socket) {
        if (settings.enabled() && takesPart(socket.principal())) {
            socket.join(GROUP);
            WorkspacePresence presence = enter(socket);
            presence.greet(socket);
            plan(presence, 0);
        }
    }

    @Override
    public void closed(ClientSocket socket) {
        AtomicBoolean removed = new AtomicBoolean();
        WorkspacePresence presence =
                workspaces.computeIfPresent(socket.principal().workspace(), (_, present) -> {
                    removed.set(present.remove(socket));
                    if (present.sockets() > 0) {
                        return present;
                    }
                    // Queued here, so that it precedes the updates of a successor.
                    work(present, () -> farewell(present));
                    return null;
                });
        if (presence != null && removed.get()) {
            plan(presence, 0);
        }
    }

    /**
     * The member looks at an approval with this socket, or at none.
     *
     * @throws CommandRejectedException when presence is off, or not for the socket's credential
     */
    void look(ClientSocket socket, Optional<String> approvalId) {
        if (!settings.enabled()) {
            throw new CommandRejectedException(
                    GatewayError.FORBIDDEN.code(), "Presence is off on this server (heliograph.presence.enabled)");
        }
        if (!takesPart(socket.principal())) {
            throw new CommandRejectedException(
                    GatewayError.FORBIDDEN.code(),
                    "Presence is for members; API keys, and tokens that are limited to topics, have none");
        }
        // It may not be attached yet.
        WorkspacePresence presence = enter(socket);
        if (presence.look(socket, approvalId, scheduler.now().toEpochMilli(), scheduler.nanoTime())) {
            plan(presence, 0);
        }
    }

    private static boolean takesPart(Principal principal) {
        return principal.scopes().contains(IdentityAuthenticator.PRESENCE)
                && principal.subject().memberId().isPresent();
    }

    private WorkspacePresence enter(ClientSocket socket) {
        WorkspaceId workspace = socket.principal().workspace();
        AtomicBoolean first = new AtomicBoolean();
        WorkspacePresence presence = workspaces.compute(workspace, (_, present) -> {
            first.set(present == null);
            WorkspacePresence entered =
                    present == null ? new WorkspacePresence(workspace, settings.maxMembers()) : present;
            entered.add(socket);
            return entered;
        });
        if (first.get()) {
            bus.signal(PresenceMessage.question(workspace, node));
        }
        // Checked after it was added: a close before that did not find it.
        if (!socket.open()) {
            closed(socket);
        }
        sweepLater();
        return presence;
    }

    // --- other nodes -------------------------------------------------------------------------------------------------

    @Override
    public void signal(Signal signal) {
        try {
            PresenceMessage.of(json, signal)
                    .filter(message -> !message.node().equals(node))
                    .ifPresent(message -> told(signal.workspace(), message));
        } catch (JacksonException failure) {
            // A node of another version may send another form. Its members are not shown here.
            metrics.dropped();
            LOG.debug(
                    "a presence message could not be read: {}",
                    failure.getClass().getSimpleName());
        }
    }

    private void told(WorkspaceId workspace, PresenceMessage message) {
        WorkspacePresence presence = workspaces.get(workspace);
        if (presence == null) {
            return;
        }
        if (message.isQuestion()) {
            presence.asked.set(true);
            plan(presence, 0);
        } else if (presence.told(message, scheduler.nanoTime())) {
            plan(presence, 0);
        }
    }

    @Override
    public void hint(Hint hint) {
        // Events are handled by the feeds.
    }

    @Override
    public void reconnected() {
        // Each node repeats what it knows every few seconds.
    }

    // --- updates -----------------------------------------------------------------------------------------------------

    /** Makes an update after the delay, and no sooner than the interval allows. */
    private void plan(WorkspacePresence presence, long delayNanos) {
        if (presence.planned.compareAndSet(false, true)) {
            long last = presence.sent.atNanos();
            long early = last == Long.MIN_VALUE ? 0 : last + SentPresence.INTERVAL.toNanos() - scheduler.nanoTime();
            Duration delay = Duration.ofNanos(Math.max(delayNanos, Math.max(0, early)));
            var _ = scheduler.schedule(delay, () -> work(presence, () -> update(presence)));
        }
    }

    private void work(WorkspacePresence presence, Runnable task) {
        try {
            worker.execute(() -> run(task));
        } catch (RejectedExecutionException tooMuch) {
            // The next sweep plans it again.
            presence.planned.set(false);
            metrics.dropped();
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            // Presence is a hint: the next update has the whole state.
            LOG.error("an update of presence failed", failure);
        }
    }

    private void update(WorkspacePresence presence) {
        presence.planned.set(false);
        if (!presence.equals(workspaces.get(presence.workspace()))) {
            return;
        }
        long now = scheduler.nanoTime();
        presence.sent.begin(now);
        Map<String, PresentMember> here = presence.here(now, maxSilence);
        SentPresence.News news = presence.sent.tellNodes(here, presence.asked.getAndSet(false), now);
        tell(presence, news);
        send(presence, presence.everywhere(here, now), now);
    }

    private void tell(WorkspacePresence presence, SentPresence.News news) {
        PresenceMessage.signals(json, presence.workspace(), node, news.members(), news.gone())
                .forEach(bus::signal);
    }

    private void send(WorkspacePresence presence, List<PresentMember> members, long now) {
        List<ClientSocket> newcomers = presence.takeNewcomers();
        long wait = presence.sent.waitNanos(now);
        boolean news = presence.sent.isNews(members, now);
        if (news && wait == 0) {
            sender.send(presence.workspace(), GROUP, UPDATE, argument(members));
            presence.sent.toSockets(members, Math.min(members.size(), settings.maxMembers()), presence.sockets(), now);
            return;
        }
        if (!newcomers.isEmpty()) {
            JsonNode argument = argument(members);
            newcomers.forEach(socket -> socket.sendVolatile(UPDATE, argument));
        }
        if (news) {
            plan(presence, wait);
        }
    }

    private JsonNode argument(List<PresentMember> members) {
        List<Shown> shown = members.stream()
                .limit(settings.maxMembers())
                .map(member -> new Shown(member.id(), member.name(), member.approvalId()))
                .toList();
        boolean truncated = shown.size() < members.size();
        metrics.sent(truncated);
        return json.valueToTree(new Update(shown, truncated ? Optional.of(true) : Optional.empty()));
    }

    /** The last socket here is closed: the other nodes need not wait until they forget. */
    private void farewell(WorkspacePresence presence) {
        tell(presence, presence.sent.tellNodes(Map.of(), false, scheduler.nanoTime()));
    }

    private void sweepLater() {
        if (sweeping.compareAndSet(false, true)) {
            var _ = scheduler.schedule(SWEEP, this::sweep);
        }
    }

    private void sweep() {
        sweeping.set(false);
        workspaces.values().forEach(presence -> plan(presence, 0));
        if (!workspaces.isEmpty()) {
            sweepLater();
        }
    }

    /** Workspaces whose members have sockets on this node. */
    int workspaces() {
        return workspaces.size();
    }

    @Override
    public void close() {
        subscription.close();
    }
}
