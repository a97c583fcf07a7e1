package io.heliograph.server.usage;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.web.Listing;
import io.heliograph.server.web.Paging;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** All limits of the workspace and of the caller, with how much of them is used. */
@RestController
final class UsageController {
    private final EventLog log;
    private final List<UsageSource> sources;

    UsageController(EventLog log, List<UsageSource> sources) {
        this.log = log;
        this.sources = List.copyOf(sources);
    }

    @GetMapping("/v1/usage")
    ResponseEntity<Listing<LimitUse>> usage(Caller caller) {
        caller.require(Scope.READ);
        return log.read(caller.workspace(), snapshot -> {
            Listing<LimitUse> uses = Listing.whole(
                    sources.stream()
                            .flatMap(source -> source.uses(snapshot, caller).stream())
                            .toList(),
                    snapshot.asOf());
            return Paging.answer(uses.asOf(), uses);
        });
    }
}
