package io.heliograph.server.approvals;

import io.heliograph.server.errors.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How approvals are decided.
 *
 * @param preventSelf whether a member must not decide what its own API key, or it itself, has requested
 * @param maxWaiters requests that may wait for a change of an approval at the same time, on one node
 * @param maxWaitersPerWorkspace of those, the requests of one workspace
 * @param maxWaitersPerCaller of those, the requests of one member or key
 * @param validationThreads that hold args and schemas against what they must fit, and do nothing else
 * @param validationTimeout of one such validation
 * @param maxValidations that run or wait at the same time on one node; one caller has half of them at most
 */
@ConfigurationProperties("heliograph.approvals")
record ApprovalSettings(
        @DefaultValue("false") boolean preventSelf,
        @DefaultValue("10000") int maxWaiters,
        @DefaultValue("5000") int maxWaitersPerWorkspace,
        @DefaultValue("2500") int maxWaitersPerCaller,
        @DefaultValue("2") int validationThreads,
        @DefaultValue("2s") Duration validationTimeout,
        @DefaultValue("1000") int maxValidations) {
    ApprovalSettings {
        positive("max-waiters", maxWaiters);
        positive("max-waiters-per-workspace", maxWaitersPerWorkspace);
        positive("max-waiters-per-caller", maxWaitersPerCaller);
        InvalidSettingException.check(
                validationThreads >= 1 && validationThreads <= 64,
                "heliograph.approvals.validation-threads",
                validationThreads,
                "a number from 1 to 64");
        InvalidSettingException.check(
                validationTimeout.toMillis() >= 10 && validationTimeout.toSeconds() <= 10,
                "heliograph.approvals.validation-timeout",
                validationTimeout,
                "a duration from 10ms to 10s");
        positive("max-validations", maxValidations);
    }

    private static void positive(String key, int value) {
        InvalidSettingException.check(value >= 1, "heliograph.approvals." + key, value, "a number from 1 upwards");
    }
}
