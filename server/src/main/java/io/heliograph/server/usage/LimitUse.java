package io.heliograph.server.usage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heliograph.server.identity.ConcurrencyLimiter;
import java.util.OptionalLong;

/**
 * A limit, and how much of it is used. Immutable.
 *
 * @param name what is limited, in camelCase; with {@code scope} it names the limit
 * @param used now; for a rate, what is used of the burst
 * @param unit what is counted, such as {@code agents} or {@code bytes}
 * @param scope whose limit it is
 * @param perNode whether each node counts for itself, so that {@code used} is that of the node that answers
 * @param perSecond of a rate: how many come back in a second
 * @param setting that changes the limit
 */
public record LimitUse(
        String name,
        long used,
        long limit,
        String unit,
        Scope scope,
        boolean perNode,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalLong perSecond,
        String setting) {

    /** Whose limit it is. */
    public enum Scope {
        /** Of the workspace as a whole. */
        WORKSPACE,
        /** Of one member or API key: that of the caller. */
        CALLER,
        /** Of one agent: the one that uses most. */
        AGENT
    }

    /** A limit that the database counts. */
    public static LimitUse stored(String name, long used, long limit, String unit, Scope scope, String setting) {
        return new LimitUse(name, used, limit, unit, scope, false, OptionalLong.empty(), setting);
    }

    /** A limit that each node counts. */
    public static LimitUse onNode(String name, long used, long limit, String unit, Scope scope, String setting) {
        return new LimitUse(name, used, limit, unit, scope, true, OptionalLong.empty(), setting);
    }

    /** A limit of operations that run at the same time. */
    public static LimitUse onNode(String name, String unit, Scope scope, ConcurrencyLimiter.Share share) {
        return onNode(name, share.taken(), share.max(), unit, scope, share.setting());
    }
}
