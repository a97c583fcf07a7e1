package io.heliograph.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints what is wrong and what to do instead of a stack trace. Runs on Spring Boot 3 too. */
final class HeliographFailureAnalyzer extends AbstractFailureAnalyzer<HeliographStartException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, HeliographStartException cause) {
        return new FailureAnalysis("Heliograph: " + cause.getMessage() + ".", cause.action(), cause);
    }
}
