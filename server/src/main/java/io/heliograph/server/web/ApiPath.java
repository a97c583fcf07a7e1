package io.heliograph.server.web;

import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Says whether a request is for the API. */
public final class ApiPath {
    private ApiPath() {}

    /** Compares the decoded first segment, as the router does: {@code /%761} is an API path too. */
    public static boolean isApi(ServerHttpRequest request) {
        for (PathContainer.Element element :
                request.getPath().pathWithinApplication().elements()) {
            if (element instanceof PathContainer.PathSegment segment) {
                return segment.valueToMatch().equals("v1");
            }
        }
        return false;
    }
}
