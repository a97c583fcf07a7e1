package io.heliograph.server.web;

import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Tells whether a request is for the API. */
public final class ApiPath {
    private ApiPath() {}

    /** By the decoded first segment, as the router compares it: {@code /%761} leads there too. */
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
