package io.heliograph.examples.shop;

import io.heliograph.spring.SocketTickets;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.WebSession;

@RestController
class ShopController {
    private static final String SIGNED_IN = "signed-in";

    private final Orders orders;
    private final SocketTickets tickets;

    ShopController(Orders orders, SocketTickets tickets) {
        this.orders = orders;
        this.tickets = tickets;
    }

    record SignIn(String tenant, String member) {}

    /** Believes everybody: a demonstration. */
    @PostMapping("/sign-in")
    Map<String, String> signIn(@RequestBody SignIn request, WebSession session) {
        session.getAttributes().put(SIGNED_IN, request);
        return Map.of("socketUrl", "/");
    }

    /** A ticket for the member of the session; the page asks for one at each connect. */
    @PostMapping("/socket-token")
    Map<String, String> socketToken(WebSession session) {
        SignIn signedIn = signedIn(session);
        return Map.of("token", tickets.issue(signedIn.tenant(), signedIn.member()));
    }

    @GetMapping("/orders")
    List<Order> orders(WebSession session) {
        return orders.of(signedIn(session).tenant());
    }

    record Place(String article) {}

    @PostMapping("/orders")
    Order place(@RequestBody Place request, WebSession session) {
        return orders.place(signedIn(session).tenant(), request.article());
    }

    /** WebFlux serves no index.html by itself. */
    @GetMapping(path = "/", produces = "text/html")
    Resource page() {
        return new ClassPathResource("static/index.html");
    }

    private static SignIn signedIn(WebSession session) {
        if (session.getAttribute(SIGNED_IN) instanceof SignIn signedIn) {
            return signedIn;
        }
        throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, "sign in first");
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    Map<String, String> invalid(IllegalArgumentException failure) {
        return Map.of("detail", String.valueOf(failure.getMessage()));
    }
}
