package io.heliograph.server.statistics;

import io.heliograph.server.events.AgentId;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.web.Paging;
import io.heliograph.server.web.QueryValues;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Statistics over HTTP. */
@RestController
final class StatisticsController {
    private static final int MAX_ID_LENGTH = 64;

    private final DecisionStatisticsCache decisions;
    private final Clock clock;

    StatisticsController(DecisionStatisticsCache decisions, Clock clock) {
        this.decisions = decisions;
        this.clock = clock;
    }

    /** Of all agents, or of {@code agentId}; an agent that there is not has no decisions. */
    @GetMapping("/v1/statistics/decisions")
    Mono<ResponseEntity<DecisionStatistics>> decisions(
            Caller caller,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String bucket,
            @RequestParam(required = false) @Nullable String agentId) {
        caller.require(Scope.READ);
        Question question = new Question(
                caller.workspace(),
                QueryValues.time("from", from),
                QueryValues.time("to", to),
                QueryValues.choice("bucket", bucket, Bucket.HOUR),
                QueryValues.text("agentId", agentId, MAX_ID_LENGTH).map(AgentId::new));
        Question.Range range = question.range(clock.instant());
        // The computation is shared: a client that leaves does not cancel it.
        return Mono.fromFuture(() -> decisions.get(question, range), true)
                .map(answer -> Paging.answer(answer.asOf(), answer));
    }
}
