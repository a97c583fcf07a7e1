package io.heliograph.engineio;

import java.util.Objects;

/**
 * A cookie that carries the session id, so that a load balancer can send all requests of a session to one node.
 *
 * <p>Immutable. It is sent with the handshake's answer only, with {@code SameSite=Lax}.
 *
 * @param name {@code io} is what load balancer recipes for Socket.IO look for
 * @param secure whether the browser may send it over https only
 */
public record StickyCookie(String name, String path, boolean httpOnly, boolean secure) {

    public StickyCookie {
        Objects.requireNonNull(path, "path");
        if (name.isEmpty() || !name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-')) {
            throw new IllegalArgumentException("cookie name is \"" + name + "\", expected letters, digits, _ and -");
        }
    }

    /** {@code io}, for the whole site, not readable by scripts. */
    public static StickyCookie standard() {
        return new StickyCookie("io", "/", true, false);
    }

    String header(String sessionId) {
        return name + "=" + sessionId + "; Path=" + path + (httpOnly ? "; HttpOnly" : "") + (secure ? "; Secure" : "")
                + "; SameSite=Lax";
    }
}
