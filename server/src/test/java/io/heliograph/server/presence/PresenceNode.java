package io.heliograph.server.presence;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.ClientSocket;
import io.heliograph.gateway.Principal;
import io.heliograph.gateway.TopicFilter;
import io.heliograph.server.identity.IdentityAuthenticator;
import io.heliograph.server.json.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A node's presence with sockets that a test opens and closes. For one thread. */
final class PresenceNode {
    static final Duration PING = Duration.ofSeconds(25);

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Presence presence;
    private final JsonMapper json = Json.mapper();
    private final ManualTimers time;
    private final List<Client> clients = new ArrayList<>();

    PresenceNode(Bus bus, ManualTimers time, PresenceSettings settings, Executor worker) {
        this.time = time;
        presence = new Presence(bus, json, settings, new PresenceMetrics(registry), time, worker);
        presence.start(this::send, PING);
    }

    static PresenceNode on(Bus bus, ManualTimers time) {
        return new PresenceNode(bus, time, new PresenceSettings(true, 200), Runnable::run);
    }

    private void send(WorkspaceId workspace, String group, String type, JsonNode argument) {
        for (Client client : clients) {
            if (client.open
                    && client.groups.contains(group)
                    && client.principal.workspace().equals(workspace)) {
                client.sendVolatile(type, argument);
            }
        }
    }

    /** A member's socket that has caught up. */
    Client connect(String workspace, String member) {
        Client client = connecting(workspace, member);
        presence.attached(client);
        return client;
    }

    /** A member's socket that receives no new events yet. */
    Client connecting(String workspace, String member) {
        return client(new Principal(
                new WorkspaceId(workspace),
                new Principal.Subject(member, member.toUpperCase(Locale.ROOT), Optional.of(member)),
                Set.of(Principal.READ, IdentityAuthenticator.PRESENCE),
                new Principal.Credential("tok_" + member, Set.of(), Optional.empty())));
    }

    /** A socket whose credential has these scopes. */
    Client connect(String workspace, Optional<String> member, Set<String> scopes) {
        Client client = client(new Principal(
                new WorkspaceId(workspace),
                new Principal.Subject("someone", "someone", member),
                scopes,
                new Principal.Credential("tok_1", Set.of(), Optional.empty())));
        presence.attached(client);
        return client;
    }

    private Client client(Principal principal) {
        Client client = new Client(principal);
        clients.add(client);
        return client;
    }

    /** A socket as presence sees it. */
    final class Client implements ClientSocket {
        final List<JsonNode> updates = new ArrayList<>();
        private final List<String> groups = new ArrayList<>();
        private final Principal principal;
        private boolean open = true;
        private long heardNanos = time.nanoTime();

        Client(Principal principal) {
            this.principal = principal;
        }

        /** Something comes from the client. */
        void ping() {
            heardNanos = time.nanoTime();
        }

        Client look(String approvalId) {
            ping();
            presence.look(this, Optional.of(approvalId));
            return this;
        }

        void lookAway() {
            ping();
            presence.look(this, Optional.empty());
        }

        void close() {
            open = false;
            presence.closed(this);
        }

        /** Closed, and presence is not told yet. */
        void closeUnnoticed() {
            open = false;
        }

        /** The last update, such as {@code ada@apr_1 bob}. */
        String seen() {
            StringBuilder seen = new StringBuilder();
            for (JsonNode member : updates.getLast().path("members")) {
                seen.append(seen.isEmpty() ? "" : " ").append(member.path("id").asString());
                if (member.has("approvalId")) {
                    seen.append("@").append(member.path("approvalId").asString());
                }
            }
            return seen.toString();
        }

        @Override
        public Principal principal() {
            return principal;
        }

        @Override
        public TopicFilter watch(UnaryOperator<TopicFilter> change) {
            throw new UnsupportedOperationException("presence does not narrow topics");
        }

        @Override
        public void join(String group) {
            groups.add(group);
        }

        @Override
        public void sendVolatile(String type, JsonNode argument) {
            if (!type.equals("presence:update")) {
                throw new AssertionError("an event of another type: " + type);
            }
            updates.add(argument);
        }

        @Override
        public boolean open() {
            return open;
        }

        @Override
        public Duration silence() {
            return Duration.ofNanos(time.nanoTime() - heardNanos);
        }

        @Override
        public Principal renew(String credential) {
            throw new UnsupportedOperationException("presence renews nothing");
        }
    }
}
