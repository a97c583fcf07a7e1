package io.heliograph.server.web;

import io.heliograph.server.storage.Blocking;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves {@code docs/openapi.yaml} as JSON, with the schemas of {@code docs/asyncapi.yaml} beside its own. It is
 * created at the first request and cached.
 */
@RestController
final class ApiDescription {
    private final JsonMapper json;

    /** Written by the first request; concurrent requests may compute the same value again. */
    private volatile byte @Nullable [] made;

    ApiDescription(JsonMapper json) {
        this.json = json;
    }

    @GetMapping("/openapi.json")
    Mono<ResponseEntity<byte[]>> openApi() {
        return Blocking.call(() ->
                ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(document()));
    }

    private byte[] document() throws IOException {
        byte[] document = made;
        if (document == null) {
            document = make();
            made = document;
        }
        return document;
    }

    private byte[] make() throws IOException {
        Map<String, Object> document = read("openapi.yaml");
        Map<String, Object> schemas = object(object(document, "components"), "schemas");
        schemas.putAll(object(object(read("asyncapi.yaml"), "components"), "schemas"));
        return json.writeValueAsBytes(document);
    }

    private static Map<String, Object> read(String name) throws IOException {
        try (InputStream yaml = Objects.requireNonNull(ApiDescription.class.getResourceAsStream("/contract/" + name))) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        }
    }

    @SuppressWarnings("unchecked") // of a file of ours, which a test reads
    private static Map<String, Object> object(Map<String, Object> parent, String name) {
        return (Map<String, Object>) Objects.requireNonNull(parent.get(name));
    }
}
