package io.heliograph.examples.shop;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ShopController {
    private static final Duration VALIDITY = Duration.ofHours(1);

    private final Orders orders;
    private final JwtEncoder encoder;
    private final Environment environment;

    ShopController(Orders orders, JwtEncoder encoder, Environment environment) {
        this.orders = orders;
        this.encoder = encoder;
        this.environment = environment;
    }

    record SignIn(String tenant, String member) {}

    /** Believes everybody: a demonstration. The page replaces {@code {host}} by its own. */
    @PostMapping("/sign-in")
    Map<String, String> signIn(@RequestBody SignIn request, HttpServletRequest http) {
        Instant now = Instant.now();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .subject(request.member())
                .claim("tenant", request.tenant())
                .issuedAt(now)
                .expiresAt(now.plus(VALIDITY))
                .build();
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).build();
        String token = encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
        String port = environment.getRequiredProperty("local.heliograph.port");
        return Map.of("token", token, "socketUrl", http.getScheme() + "://{host}:" + port);
    }

    /** The socket takes the same token. */
    @PostMapping("/socket-token")
    Map<String, String> socketToken(@AuthenticationPrincipal Jwt jwt) {
        return Map.of("token", jwt.getTokenValue());
    }

    @GetMapping("/orders")
    List<Order> orders(@AuthenticationPrincipal(expression = "claims['tenant']") String tenant) {
        return orders.of(tenant);
    }

    record Place(String article) {}

    @PostMapping("/orders")
    Order place(@AuthenticationPrincipal(expression = "claims['tenant']") String tenant, @RequestBody Place request) {
        return orders.place(tenant, request.article());
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    Map<String, String> invalid(IllegalArgumentException failure) {
        return Map.of("detail", String.valueOf(failure.getMessage()));
    }
}
