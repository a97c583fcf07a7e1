package io.heliograph.server.limits;

/** The kinds of rate limits. Each has separate buckets. */
public enum RateLimit {
    /** Calls that change nothing, of one member or API key. */
    READS("reads"),
    /** Calls that may change something, but for those below, of one member or API key. */
    WRITES("writes"),
    /** Requests for approvals, of one member or API key. */
    ASKS("asks"),
    /** Requests that publish events, of one member or API key. */
    PUBLISHES("publishes"),
    /** Calls without a valid credential, from one client address. */
    FAILED_CREDENTIALS("failed-credentials");

    private final String policy;

    RateLimit(String policy) {
        this.policy = policy;
    }

    /** As headers, metrics and settings name it. */
    public String policy() {
        return policy;
    }

    /** The setting of its rate. */
    public String setting() {
        return "heliograph.limits." + policy + "-per-second";
    }
}
