package io.heliograph.server.overview;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.agents.AgentCounts;
import io.heliograph.server.agents.AgentRegistry;
import io.heliograph.server.approvals.ApprovalCounts;
import io.heliograph.server.approvals.ApprovalSummary;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.notifications.NotificationCounts;
import io.heliograph.server.notifications.Notifications;
import io.heliograph.server.web.Paging;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The counts of a workspace, at one cursor. A key has no notifications. */
@RestController
final class OverviewController {
    private final EventLog log;
    private final ApprovalSummary approvals;
    private final AgentRegistry agents;
    private final Notifications notifications;

    OverviewController(EventLog log, ApprovalSummary approvals, AgentRegistry agents, Notifications notifications) {
        this.log = log;
        this.approvals = approvals;
        this.agents = agents;
        this.notifications = notifications;
    }

    record Overview(
            ApprovalCounts approvals, AgentCounts agents, Optional<NotificationCounts> notifications, String asOf) {}

    @GetMapping("/v1/overview")
    ResponseEntity<Overview> overview(Caller caller) {
        caller.require(Scope.READ);
        return log.read(caller.workspace(), snapshot -> {
            Optional<NotificationCounts> own = caller instanceof Caller.Member member
                    ? Optional.of(notifications.counts(snapshot, member))
                    : Optional.empty();
            String asOf = snapshot.asOf().toString();
            return Paging.answer(
                    asOf,
                    new Overview(
                            approvals.counts(snapshot, caller.workspace()),
                            agents.counts(snapshot, caller.workspace()),
                            own,
                            asOf));
        });
    }
}
