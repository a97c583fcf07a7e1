package io.heliograph.server.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.server.storage.Blocking;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Serves the dashboard: its files, and {@code index.html} for all other page paths, because only the page knows its
 * routes. Files under {@code /assets/} have a hash in their name and are cached for ever; other files are revalidated
 * each time.
 */
final class Dashboard implements WebHandler {
    private static final Set<String> NOT_PAGES =
            Set.of("v1", "socket.io", "health", "metrics", "openapi.json", "assets");
    private static final String MISSING = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Heliograph</title>
            <h1>The server runs, the dashboard is not built</h1>
            <p>Build it with <code>./heliograph build</code> and start again, or name its folder in
            <code>heliograph.dashboard</code>.</p>
            """;

    private final Assets assets;

    Dashboard(Assets assets) {
        this.assets = assets;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        String path = request.getPath().pathWithinApplication().value();
        boolean isPage = isPage(request);
        return Blocking.call(() -> assets.find(path).or(() -> isPage ? assets.find("/index.html") : Optional.empty()))
                .flatMap(found -> {
                    if (found.isEmpty() && !isPage) {
                        return Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND));
                    }
                    if (!request.getMethod().equals(HttpMethod.GET)
                            && !request.getMethod().equals(HttpMethod.HEAD)) {
                        return Mono.error(new MethodNotAllowedException(request.getMethod(), Set.of(HttpMethod.GET)));
                    }
                    return found.map(asset -> send(exchange, asset, path)).orElseGet(() -> missing(exchange));
                });
    }

    /** A route of the page: no file, and no path of another part of the server. */
    private static boolean isPage(ServerHttpRequest request) {
        String first = "";
        String last = "";
        for (PathContainer.Element element :
                request.getPath().pathWithinApplication().elements()) {
            if (element instanceof PathContainer.PathSegment segment) {
                first = first.isEmpty() ? segment.valueToMatch() : first;
                last = segment.valueToMatch();
            }
        }
        return !NOT_PAGES.contains(first) && !last.contains(".");
    }

    private static Mono<Void> send(ServerWebExchange exchange, Assets.Asset asset, String path) {
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders headers = response.getHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, asset.type());
        headers.setCacheControl(path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
        boolean compressed = false;
        if (asset.gzip().isPresent()) {
            headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
            compressed = AcceptEncoding.parse(
                            exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.ACCEPT_ENCODING))
                    .prefersGzip();
        }
        if (exchange.checkNotModified(compressed ? asset.gzipEtag() : asset.etag())) {
            return response.setComplete();
        }
        byte[] body = asset.bytes();
        if (compressed) {
            headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
            body = asset.gzip().orElseThrow();
        }
        return write(exchange, body);
    }

    private static Mono<Void> missing(ServerWebExchange exchange) {
        exchange.getResponse().setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
        exchange.getResponse().getHeaders().set(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8");
        return write(exchange, MISSING.getBytes(UTF_8));
    }

    private static Mono<Void> write(ServerWebExchange exchange, byte[] body) {
        ServerHttpResponse response = exchange.getResponse();
        response.getHeaders().setContentLength(body.length);
        return exchange.getRequest().getMethod().equals(HttpMethod.HEAD)
                ? response.setComplete()
                : response.writeWith(
                        Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }
}
