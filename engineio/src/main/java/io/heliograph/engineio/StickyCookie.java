package io.heliograph.engineio;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A cookie by which a load balancer can send all requests of a session to one node.
 *
 * <p>Immutable. It is sent with the handshake's answer only. Clients outside of browsers often keep no cookies; {@link
 * EngineIoSettings.Builder#sessionIdPrefix} serves them too.
 *
 * @param name {@code io} is what load balancer recipes for Socket.IO look for
 * @param secure whether the browser may send it over https only; needed with {@link SameSite#NONE}
 * @param value the same for all sessions, such as the node's id; empty: the session id
 */
public record StickyCookie(
        String name, String path, boolean httpOnly, boolean secure, SameSite sameSite, Optional<String> value) {

    /** Whether pages of other sites make the browser send the cookie. */
    public enum SameSite {
        /** Never. */
        STRICT,
        /** When somebody follows a link to this site. */
        LAX,
        /** Always; browsers want the cookie to be secure then. */
        NONE;

        private String attribute() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    /** Checks what the cookie is made of. */
    public StickyCookie {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(sameSite, "sameSite");
        requireToken("name", name);
        value.ifPresent(text -> requireToken("value", text));
    }

    /** {@code io} with the session id, for the whole site, not readable by scripts. */
    public static StickyCookie standard() {
        return new StickyCookie("io", "/", true, false, SameSite.LAX, Optional.empty());
    }

    String header(String sessionId) {
        return name + "=" + value.orElse(sessionId) + "; Path=" + path + (httpOnly ? "; HttpOnly" : "")
                + (secure ? "; Secure" : "") + "; SameSite=" + sameSite.attribute();
    }

    private static void requireToken(String what, String text) {
        if (!text.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "cookie " + what + " is \"" + text + "\", expected letters, digits, _ and -");
        }
    }
}
