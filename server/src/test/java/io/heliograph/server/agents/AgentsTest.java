package io.heliograph.server.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.identity.Caller;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AgentsTest {
    private static final AgentId AGENT = new AgentId("agt_1");

    private Features features;
    private Agents agents;
    private AgentLeases leases;
    private AgentPresence presence;
    private Caller.Key key;

    @BeforeEach
    void open(@TempDir Path folder) {
        features = Features.open(folder);
        agents = features.part(Agents.class);
        leases = features.part(AgentLeases.class);
        presence = features.part(AgentPresence.class);
        key = features.key("builder");
    }

    @AfterEach
    void close() {
        features.close();
    }

    @Test
    void aNewAgentIsIdleAndTold() {
        Agent agent = put("{\"name\":\"Builder\",\"kind\":\"ci\",\"lease\":{\"seconds\":30}}");

        assertThat(agent.status()).isEqualTo(AgentStatus.IDLE);
        assertThat(agent.lease().expiresAt()).isEqualTo(now().plusSeconds(30));
        JsonNode event = features.newest("agent:status");
        assertThat(event.at("/data/agent/name").asString()).isEqualTo("Builder");
        assertThat(event.at("/data/agent/lease/seconds").asInt()).isEqualTo(30);
        assertThat(event.at("/data/agent/previousStatus").isMissingNode()).isTrue();
        assertThat(event.at("/data/counts"))
                .isEqualTo(features.json.readTree(
                        "{\"idle\":1,\"working\":0,\"waiting_approval\":0,\"error\":0,\"offline\":0}"));
    }

    @Test
    void aTransitionTellsThePreviousStatus() {
        put("{\"name\":\"Builder\"}");

        put("{\"status\":\"working\",\"currentTask\":\"build 7\"}");

        JsonNode agent = features.newest("agent:status").at("/data/agent");
        assertThat(agent.get("status").asString()).isEqualTo("working");
        assertThat(agent.get("previousStatus").asString()).isEqualTo("idle");
        assertThat(agent.get("name").asString()).isEqualTo("Builder");
        assertThat(agent.get("version").asInt()).isEqualTo(2);
    }

    @Test
    void aNewStatusDropsWhatExplainedTheOldOne() {
        put("{\"status\":\"working\",\"currentTask\":\"build 7\"}");

        Agent agent = put("{\"status\":\"idle\"}");

        assertThat(agent.currentTask()).isEmpty();
    }

    @Test
    void heartbeatsAndTheSameReportAgainMakeNoEvents() {
        put("{\"status\":\"working\"}");
        int events = features.events().size();
        features.clock.advance(Duration.ofSeconds(20));

        Agent agent = features.run(agents.heartbeat(key, AGENT)).orElseThrow();
        put("{\"status\":\"working\"}");

        assertThat(agent.lastSeenAt()).isEqualTo(now());
        assertThat(agent.lease().expiresAt()).isEqualTo(now().plusSeconds(60));
        assertThat(agent.version()).isEqualTo(1);
        assertThat(features.events()).hasSize(events);
    }

    @Test
    void aLeaseThatRunsOutMakesAnAgentOfflineAndLeavesLastSeenAlone() {
        Agent agent = put("{\"status\":\"working\",\"lease\":{\"seconds\":15}}");
        features.clock.advance(Duration.ofSeconds(15).minusMillis(1));
        assertThat(leases.sweep()).isEqualTo(Duration.ofMillis(1));
        assertThat(find().status()).isEqualTo(AgentStatus.WORKING);

        features.clock.advance(Duration.ofMillis(1));
        leases.sweep();

        assertThat(find().status()).isEqualTo(AgentStatus.OFFLINE);
        assertThat(find().lastSeenAt()).isEqualTo(agent.lastSeenAt());
        JsonNode event = features.newest("agent:status");
        assertThat(event.at("/data/agent/previousStatus").asString()).isEqualTo("working");
        assertThat(event.at("/data/counts/offline").asInt()).isEqualTo(1);
        assertThat(event.at("/actor/type").asString()).isEqualTo("system");
    }

    @Test
    void anyCallOfItsKeyBringsAnAgentBackToWhatItReported() {
        put("{\"status\":\"working\",\"lease\":{\"seconds\":15}}");
        features.clock.advance(Duration.ofSeconds(15));
        leases.sweep();

        presence.seen(key);

        assertThat(find().status()).isEqualTo(AgentStatus.WORKING);
        assertThat(find().lease().expiresAt()).isEqualTo(now().plusSeconds(15));
    }

    @Test
    void callsSoonAfterOneAnotherLookAtTheAgentsOnce() {
        put("{\"status\":\"working\"}");
        AtomicInteger looks = new AtomicInteger();
        AgentPresence counted = new AgentPresence(
                countingReads(looks),
                features.part(AgentStore.class),
                features.part(AgentRegistry.class),
                features.clock);

        counted.seen(key);
        features.clock.advance(Duration.ofMillis(4_999));
        counted.seen(key);
        assertThat(looks).hasValue(1);
        counted.seen(features.key("another"));
        assertThat(looks).hasValue(2);
        features.clock.advance(Duration.ofMillis(1));
        counted.seen(key);

        assertThat(looks).hasValue(3);
        assertThat(find().lastSeenAt()).isEqualTo(now());
    }

    private EventLog countingReads(AtomicInteger reads) {
        EventLog log = features.part(EventLog.class);
        return (EventLog) Proxy.newProxyInstance(
                EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("read")) {
                        reads.incrementAndGet();
                    }
                    return method.invoke(log, arguments);
                });
    }

    @Test
    void aCallThatWaitsKeepsTheAgentThereForAsLong() {
        put("{\"status\":\"working\",\"lease\":{\"seconds\":15}}");

        presence.seen(key, Duration.ofSeconds(50));
        presence.seen(key);

        assertThat(find().lease().expiresAt()).isEqualTo(now().plusSeconds(65));
    }

    @Test
    void aCleanStopIsOfflineUntilTheAgentSpeaksAsItself() {
        put("{\"status\":\"working\"}");

        features.run(agents.stop(key, AGENT));
        features.clock.advance(Duration.ofSeconds(10));
        presence.seen(key);
        assertThat(find().status()).isEqualTo(AgentStatus.OFFLINE);
        features.run(agents.heartbeat(key, AGENT));

        assertThat(find().status()).isEqualTo(AgentStatus.WORKING);
        assertThat(find().lease().expiresAt()).isEqualTo(now().plusSeconds(60));
    }

    @Test
    void aPendingApprovalBlocksAnAgentAndThenItIsBackAtWhatItReported() {
        put("{\"status\":\"working\"}");

        pending(2);
        assertThat(find().status()).isEqualTo(AgentStatus.WAITING_APPROVAL);
        pending(-1);
        int events = features.events().size();
        assertThat(find().pendingApprovals()).isEqualTo(1);
        assertThat(events).isEqualTo(2);
        pending(-1);

        assertThat(find().status()).isEqualTo(AgentStatus.WORKING);
    }

    @Test
    void anErrorShowsEvenWhileAnApprovalIsPending() {
        put("{\"status\":\"error\",\"error\":\"disk full\"}");

        pending(1);

        assertThat(find().status()).isEqualTo(AgentStatus.ERROR);
    }

    @Test
    void messagesCountUpPerAgentAndCarryTheirAgentAsTopic() {
        put("{\"name\":\"Builder\"}");

        AgentMessage first = write("{\"text\":\"hello\"}");
        AgentMessage second = write("{\"text\":\"{}\",\"role\":\"tool\",\"kind\":\"tool_result\"}");

        assertThat(List.of(first.seq(), second.seq())).containsExactly(1L, 2L);
        Event event = features.events().getLast();
        assertThat(event.type()).isEqualTo("agent:message");
        assertThat(event.topic()).contains("agents/agt_1");
        JsonNode message = features.newest("agent:message").at("/data/message");
        assertThat(message.get("seq").asInt()).isEqualTo(2);
        assertThat(message.get("role").asString()).isEqualTo("tool");
        assertThat(message.get("kind").asString()).isEqualTo("tool_result");
        assertThat(message.get("state").asString()).isEqualTo("final");
    }

    @Test
    void aStreamingMessageEndsWithItsWholeTextUnderTheSameId() {
        put("{\"name\":\"Builder\"}");
        AgentMessage begun = write("{\"text\":\"\",\"state\":\"streaming\"}");

        AgentMessage ended = write("{\"id\":\"" + begun.id() + "\",\"text\":\"All green\"}");

        assertThat(ended.id()).isEqualTo(begun.id());
        assertThat(ended.seq()).isEqualTo(begun.seq());
        assertThat(ended.state()).isEqualTo(AgentMessage.State.FINAL);
        assertThat(features.envelopes("agent:message")).hasSize(2);
        assertThat(tryToWrite("{\"id\":\"" + begun.id() + "\",\"text\":\"No, red\"}"))
                .isInstanceOf(AgentMessages.Result.Finished.class);
    }

    @Test
    void boundsAreCheckedWithTheirFields() {
        assertThatThrownBy(() -> put("{\"lease\":{\"seconds\":14}}")).hasMessageContaining("15 to 86400");
        assertThatThrownBy(() -> put("{\"status\":\"offline\"}")).hasMessageContaining("the server derives");
        assertThatThrownBy(() -> put("{\"currentTask\":\"x\"}")).hasMessageContaining("is required with");
        assertThatThrownBy(() -> write("{\"text\":\"" + "x".repeat(32 * 1024 + 1) + "\"}"))
                .hasMessageContaining("32768 bytes");
        assertThatThrownBy(() -> write("{\"kind\":\"log\"}")).hasMessageContaining("is required");
    }

    @Test
    void anotherWorkspacesAgentsAreNotThere() {
        put("{\"name\":\"Builder\"}");

        assertThat(features.run(features.stranger(), agents.heartbeat(features.stranger(), AGENT)))
                .isEmpty();
        assertThat(features.run(features.stranger(), agents.stop(features.stranger(), AGENT)))
                .isEmpty();
        assertThat(features.part(AgentStore.class)
                        .find(features.jdbc(), features.stranger().workspace(), AGENT))
                .isEmpty();
    }

    private Agent put(String report) {
        return features.run(agents.put(key, AGENT, features.json.readValue(report, AgentReport.class)));
    }

    private Agent find() {
        return features.part(AgentStore.class)
                .find(features.jdbc(), features.workspace, AGENT)
                .orElseThrow()
                .agent();
    }

    private Instant now() {
        return features.clock.instant();
    }

    private void pending(int change) {
        Optional<Boolean> _ = features.part(EventLog.class).write(features.workspace, transaction -> {
            features.part(AgentRegistry.class)
                    .approvalsPending(
                            transaction, features.workspace, AGENT, change, io.heliograph.server.events.Actor.SYSTEM);
            return Optional.empty();
        });
    }

    private AgentMessage write(String body) {
        return ((AgentMessages.Result.Written) tryToWrite(body)).message();
    }

    private AgentMessages.Result tryToWrite(String body) {
        NewMessage message = features.json.readValue(body, NewMessage.class).withDefaults(AgentMessage.Role.AGENT);
        return features.part(EventLog.class)
                .write(
                        features.workspace,
                        transaction -> features.part(AgentMessages.class).write(transaction, key, AGENT, message));
    }
}
