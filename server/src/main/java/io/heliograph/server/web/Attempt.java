package io.heliograph.server.web;

import io.heliograph.eventlog.WorkspaceId;
import java.util.Optional;

/**
 * One try of a POST, as {@link Idempotency} needs to know it. A controller takes one as a parameter.
 *
 * <p>Immutable.
 *
 * @param caller id of the member or key that makes the request
 * @param key of the {@code Idempotency-Key} header, 1 to 255 visible ASCII characters
 * @param requestHash SHA-256 of method, path and body in hexadecimal; empty when there is no key
 */
public record Attempt(WorkspaceId workspace, String caller, Optional<String> key, String requestHash) {

    /** A try with the key that came with it. */
    public static Attempt of(WorkspaceId workspace, String caller, Fingerprint fingerprint) {
        return new Attempt(workspace, caller, Optional.of(fingerprint.key()), fingerprint.hash());
    }

    /** A try without a key: it is always run. */
    public static Attempt once(WorkspaceId workspace, String caller) {
        return new Attempt(workspace, caller, Optional.empty(), "");
    }
}
