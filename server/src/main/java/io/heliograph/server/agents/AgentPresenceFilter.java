package io.heliograph.server.agents;

import io.heliograph.eventlog.EventLogException;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.Callers;
import io.heliograph.server.storage.Blocking;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Records each authenticated call of a key as activity of its agents. Runs after authentication. */
@Component
@Order(0)
final class AgentPresenceFilter implements WebFilter {
    private static final Logger LOG = LoggerFactory.getLogger(AgentPresenceFilter.class);

    private final AgentPresence presence;

    AgentPresenceFilter(AgentPresence presence) {
        this.presence = presence;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Callers.of(exchange).orElse(null) instanceof Caller.Key key && !presence.isFresh(key)
                ? Mono.defer(() -> Blocking.call(() -> report(key))).then(Mono.defer(() -> chain.filter(exchange)))
                : chain.filter(exchange);
    }

    /** A failure to record is harmless: the next call records again. The call itself continues. */
    private boolean report(Caller.Key key) {
        try {
            presence.seen(key);
            return true;
        } catch (EventLogException failure) {
            LOG.debug("a call of key {} could not be recorded as activity", key.keyId(), failure);
            return false;
        }
    }
}
