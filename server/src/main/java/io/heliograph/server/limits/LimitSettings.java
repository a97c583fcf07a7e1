package io.heliograph.server.limits;

import io.heliograph.server.errors.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Request rates on one node, and the limits of one workspace. A burst is how many requests may come at once after an
 * idle time.
 *
 * @param readsPerSecond of one member or API key
 * @param asksPerSecond requests for approvals, which do not count as writes
 * @param publishesPerSecond requests that publish events, which do not count as writes
 * @param failedCredentialsPerSecond from one client address
 * @param maxBuckets rate limits that are kept in memory; beyond that, the least recently used are removed
 * @param maxPendingApprovals of one workspace, as all that follow but for {@code maxMessagesPerAgent} and {@code
 *     maxViewsPerMember}
 * @param maxStored texts of approvals and messages together
 */
@ConfigurationProperties("heliograph.limits")
public record LimitSettings(
        @DefaultValue("5000") int readsPerSecond,
        @DefaultValue("10000") int readsBurst,
        @DefaultValue("5000") int writesPerSecond,
        @DefaultValue("10000") int writesBurst,
        @DefaultValue("5000") int asksPerSecond,
        @DefaultValue("10000") int asksBurst,
        @DefaultValue("5000") int publishesPerSecond,
        @DefaultValue("10000") int publishesBurst,
        @DefaultValue("50") int failedCredentialsPerSecond,
        @DefaultValue("1000") int failedCredentialsBurst,
        @DefaultValue("100000") int maxBuckets,
        @DefaultValue("200000") long maxPendingApprovals,
        @DefaultValue("100000") long maxAgents,
        @DefaultValue("100000") long maxMembers,
        @DefaultValue("10000") long maxApiKeys,
        @DefaultValue("100000") long maxSessions,
        @DefaultValue("10000000") long maxMessagesPerAgent,
        @DefaultValue("50") long maxViewsPerMember,
        @DefaultValue("200") long maxSharedViews,
        @DefaultValue("500") long maxEventTypes,
        @DefaultValue("100GB") DataSize maxStored) {
    private static final int MAX_RATE = 1_000_000;

    public LimitSettings {
        rate("reads", readsPerSecond, readsBurst);
        rate("writes", writesPerSecond, writesBurst);
        rate("asks", asksPerSecond, asksBurst);
        rate("publishes", publishesPerSecond, publishesBurst);
        rate("failed-credentials", failedCredentialsPerSecond, failedCredentialsBurst);
        positive("max-buckets", maxBuckets);
        positive("max-pending-approvals", maxPendingApprovals);
        positive("max-agents", maxAgents);
        positive("max-members", maxMembers);
        positive("max-api-keys", maxApiKeys);
        positive("max-sessions", maxSessions);
        positive("max-messages-per-agent", maxMessagesPerAgent);
        positive("max-views-per-member", maxViewsPerMember);
        positive("max-shared-views", maxSharedViews);
        positive("max-event-types", maxEventTypes);
        InvalidSettingException.check(
                maxStored.toBytes() >= DataSize.ofMegabytes(1).toBytes(),
                "heliograph.limits.max-stored",
                maxStored,
                "a size from 1MB");
    }

    int perSecond(RateLimit limit) {
        return switch (limit) {
            case READS -> readsPerSecond;
            case WRITES -> writesPerSecond;
            case ASKS -> asksPerSecond;
            case PUBLISHES -> publishesPerSecond;
            case FAILED_CREDENTIALS -> failedCredentialsPerSecond;
        };
    }

    int burst(RateLimit limit) {
        return switch (limit) {
            case READS -> readsBurst;
            case WRITES -> writesBurst;
            case ASKS -> asksBurst;
            case PUBLISHES -> publishesBurst;
            case FAILED_CREDENTIALS -> failedCredentialsBurst;
        };
    }

    private static void rate(String name, int perSecond, int burst) {
        InvalidSettingException.check(
                perSecond >= 1 && perSecond <= MAX_RATE,
                "heliograph.limits." + name + "-per-second",
                perSecond,
                "a number from 1 to " + MAX_RATE);
        InvalidSettingException.check(
                burst >= 1 && burst <= MAX_RATE,
                "heliograph.limits." + name + "-burst",
                burst,
                "a number from 1 to " + MAX_RATE);
    }

    private static void positive(String name, long value) {
        InvalidSettingException.check(value >= 1, "heliograph.limits." + name, value, "a number from 1");
    }
}
