package io.heliograph.server.identity;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.web.Origins;
import io.heliograph.server.web.PublicUrl;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/** The cookie that holds a session. Its name carries the port, because cookies do not tell ports apart. */
@Component
final class SessionCookie {
    private final PublicUrl publicUrl;
    private final Origins origins;
    private final Duration ttl;

    SessionCookie(PublicUrl publicUrl, Origins origins, IdentitySettings settings) {
        this.publicUrl = publicUrl;
        this.origins = origins;
        ttl = settings.sessionTtl();
    }

    /** Rejects requests from pages of other origins, also of allowed ones. */
    void requireOwnPage(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        String site = headers.getFirst("Sec-Fetch-Site");
        boolean own = origins.isOwn(headers.getOrigin(), headers.getFirst(HttpHeaders.HOST))
                && (site == null || site.equals("same-origin") || site.equals("none"));
        if (!own) {
            throw new ProblemException(
                    ErrorCode.ORIGIN_NOT_ALLOWED, "Only the server's own pages may sign in or use a session");
        }
    }

    Optional<String> of(ServerHttpRequest request) {
        return Optional.ofNullable(request.getCookies().getFirst(name())).map(HttpCookie::getValue);
    }

    ResponseCookie set(String value) {
        return cookie(value, ttl);
    }

    ResponseCookie clear() {
        return cookie("", Duration.ZERO);
    }

    private ResponseCookie cookie(String value, Duration maxAge) {
        return ResponseCookie.from(name(), value)
                .httpOnly(true)
                .secure(publicUrl.secure())
                .sameSite("Strict")
                .path("/")
                .maxAge(maxAge)
                .build();
    }

    private String name() {
        return publicUrl.secure() ? "__Host-heliograph" : "heliograph-" + publicUrl.port();
    }
}
