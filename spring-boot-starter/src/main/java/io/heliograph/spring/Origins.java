package io.heliograph.spring;

import io.heliograph.engineio.OriginPolicy;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which pages may connect: those of {@code heliograph.origins}, and those of the host that serves the sockets. */
final class Origins {
    private Origins() {}

    /**
     * @param anyPort whether pages from another port of the same host may connect too: an own port has no pages. Clients
     *     present a token that the page holds, and no cookie, so such a page gains nothing by its user's browser.
     */
    static OriginPolicy policy(Set<String> allowed, boolean anyPort) {
        // Throws when one is malformed.
        OriginPolicy listed;
        try {
            listed = OriginPolicy.allow(allowed);
        } catch (IllegalArgumentException malformed) {
            throw new HeliographStartException("heliograph.origins: " + malformed.getMessage(), "Correct the setting.");
        }
        if (!anyPort) {
            return listed;
        }
        Set<String> lower = Set.copyOf(
                allowed.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).toList());
        return OriginPolicy.decidedBy(
                (origin, host) -> lower.contains(origin.toLowerCase(Locale.ROOT)) || isSameHost(origin, host));
    }

    private static boolean isSameHost(String origin, @Nullable String host) {
        try {
            String page = URI.create(origin).getHost();
            String served = URI.create("http://" + host).getHost();
            return host != null && page != null && page.equalsIgnoreCase(served);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
