package io.heliograph.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Prints what is wrong and what to do instead of a stack trace. Runs on Spring Boot 3 too. */
@Order(Ordered.HIGHEST_PRECEDENCE) // before the one that explains any failure of a setting
final class HeliographFailureAnalyzer extends AbstractFailureAnalyzer<HeliographStartException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, HeliographStartException cause) {
        return new FailureAnalysis("Heliograph: " + cause.getMessage() + ".", cause.action(), cause);
    }
}
