package io.heliograph.server.approvals;

import io.heliograph.server.web.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How approvals are decided.
 *
 * @param preventSelf whether a member must not decide what its own API key, or it itself, has requested
 * @param maxWaiters requests that may wait for a change of an approval at the same time, on one node
 */
@ConfigurationProperties("heliograph.approvals")
record ApprovalSettings(
        @DefaultValue("false") boolean preventSelf,
        @DefaultValue("10000") int maxWaiters) {
    ApprovalSettings {
        InvalidSettingException.check(
                maxWaiters >= 1, "heliograph.approvals.max-waiters", maxWaiters, "a number from 1 upwards");
    }
}
