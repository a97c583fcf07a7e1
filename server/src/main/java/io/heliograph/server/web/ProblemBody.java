package io.heliograph.server.web;

import io.heliograph.server.errors.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON of a problem. Source: RFC 9457. */
public final class ProblemBody {
    private ProblemBody() {}

    /** The members in the order in which people read them. */
    public static Map<String, Object> of(ErrorCode code, String detail) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "urn:heliograph:problem:" + code.code());
        body.put("title", code.title());
        body.put("status", code.status());
        body.put("code", code.code());
        body.put("detail", detail);
        body.put("retryable", code.retryable());
        return body;
    }
}
