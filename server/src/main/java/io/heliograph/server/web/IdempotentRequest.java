package io.heliograph.server.web;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/**
 * One attempt of a changing request, for {@link Commands}. A controller takes one as a parameter.
 *
 * <p>Immutable.
 *
 * @param caller id of the member or key that makes the request
 * @param key of the {@code Idempotency-Key} header, 1 to 255 visible ASCII characters
 * @param requestHash SHA-256 of method, path, If-Match and body in hexadecimal; empty when there is no key
 */
public record IdempotentRequest(WorkspaceId workspace, String caller, Optional<String> key, String requestHash) {

    /** The attempt of the exchange's request; without a key it is always run. */
    public static IdempotentRequest of(WorkspaceId workspace, String caller, ServerWebExchange exchange) {
        return Fingerprint.of(exchange)
                .map(print -> new IdempotentRequest(workspace, caller, Optional.of(print.key()), print.hash()))
                .orElseGet(() -> new IdempotentRequest(workspace, caller, Optional.empty(), ""));
    }

    /** The problem of a key that was used with another request before. */
    public ProblemException keyReused() {
        return new ProblemException(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                "The Idempotency-Key \"" + key.orElse("") + "\" was used for another request; use a new key for a"
                        + " new request, and repeat a request with exactly the same body");
    }
}
