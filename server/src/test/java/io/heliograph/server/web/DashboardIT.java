package io.heliograph.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard's files, its routes, and what browsers are told about them. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class DashboardIT {
    private static final String SCRIPT = "console.log('" + "x".repeat(5_000) + "');";

    @TempDir
    static Path folder;

    static TestServer server;
    static TestClient browser;

    @BeforeAll
    static void start() throws Exception {
        Path dashboard = folder.resolve("dashboard");
        Files.createDirectories(dashboard.resolve("assets"));
        Files.writeString(dashboard.resolve("index.html"), "<!doctype html><title>Heliograph</title>");
        Files.writeString(dashboard.resolve("assets/index-4f3a.js"), SCRIPT);
        Files.writeString(folder.resolve("secret.txt"), "not yours");
        server = TestServer.start(folder.resolve("data"), "heliograph.dashboard=" + dashboard);
        browser = server.anonymous();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/sign-in", "/approvals/apr_1", "/index.html"})
    void everyRouteOfThePageIsThePage(String path) {
        TestClient.Answer answer = browser.get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).hasValue("text/html;charset=UTF-8");
        assertThat(answer.body()).contains("<title>Heliograph</title>");
        assertThat(answer.header("cache-control")).hasValue("no-cache");
    }

    @Test
    void filesWithAHashInTheirNameAreKeptForEver() {
        TestClient.Answer answer = browser.get("/assets/index-4f3a.js");

        assertThat(answer.body()).isEqualTo(SCRIPT);
        assertThat(answer.header("content-type")).hasValue("text/javascript;charset=UTF-8");
        assertThat(answer.header("cache-control")).hasValue("public, max-age=31536000, immutable");
    }

    @Test
    void filesAreCompressedForWhoTakesIt() {
        TestClient.Answer answer = browser.get("/assets/index-4f3a.js", "Accept-Encoding", "gzip, br");

        assertThat(answer.header("content-encoding")).hasValue("gzip");
        assertThat(answer.header("vary").orElse("")).contains("Accept-Encoding");
        assertThat(Integer.parseInt(answer.header("content-length").orElseThrow()))
                .isLessThan(500);
    }

    /** A substring was searched for, so {@code gzip;q=0} was taken for a wish. */
    @ParameterizedTest
    @CsvSource({
        "'gzip;q=0',                  false",
        "'gzip;q=0, *',               false",
        "'*;q=0',                     false",
        "'identity',                  false",
        "'xgzip',                     false",
        "'identity;q=1, gzip;q=0.5',  false",
        "'GZIP',                      true",
        "'*',                         true",
        "'gzip, identity;q=0',        true"
    })
    void aCodingIsUsedOnlyWhereItIsTaken(String accepted, boolean compressed) {
        TestClient.Answer answer = browser.get("/assets/index-4f3a.js", "Accept-Encoding", accepted);

        assertThat(answer.header("content-encoding").isPresent()).isEqualTo(compressed);
        assertThat(answer.header("vary").orElse("")).contains("Accept-Encoding");
    }

    @Test
    void eachCodingHasATagOfItsOwn() {
        String plain = browser.get("/assets/index-4f3a.js").header("etag").orElseThrow();
        String gzip = browser.get("/assets/index-4f3a.js", "Accept-Encoding", "gzip")
                .header("etag")
                .orElseThrow();

        TestClient.Answer kept = browser.get("/assets/index-4f3a.js", "Accept-Encoding", "gzip", "If-None-Match", gzip);
        assertThat(gzip).isNotEqualTo(plain);
        assertThat(kept.status()).isEqualTo(304);
        assertThat(kept.header("vary").orElse("")).contains("Accept-Encoding");
        assertThat(browser.get("/assets/index-4f3a.js", "Accept-Encoding", "gzip", "If-None-Match", plain)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whoHasTheFileGetsNoSecondCopy() {
        String etag = browser.get("/").header("etag").orElseThrow();

        assertThat(browser.get("/", "If-None-Match", etag).status()).isEqualTo(304);
    }

    @Test
    void aFileThatIsNotThereIsNotThePage() {
        assertThat(browser.get("/assets/index-old.js").status()).isEqualTo(404);
        assertThat(browser.get("/assets/nothing").status()).isEqualTo(404);
        assertThat(browser.get("/favicon.ico").code()).isEqualTo("not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret.txt",
                "/%2e%2e/secret.txt",
                "/assets/..%2f..%2fsecret.txt",
                "/assets/%2e%2e/%2e%2e/secret.txt",
                "//secret.txt",
                "/assets/..%5c..%5csecret.txt"
            })
    void noPathLeadsOutOfTheFolder(String path) {
        assertThat(browser.get(path).body()).doesNotContain("not yours");
    }

    @Test
    void onlyReadingIsOffered() {
        assertThat(browser.post("/", "{}").status()).isEqualTo(405);
    }

    @Test
    void browsersAreToldWhatThePageNeeds() {
        TestClient.Answer answer = browser.get("/");

        assertThat(answer.header("content-security-policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
                .contains("connect-src 'self' ws://127.0.0.1:" + server.port() + " wss://127.0.0.1:" + server.port())
                .contains("style-src 'self' 'unsafe-inline'", "worker-src 'self'")
                .doesNotContain("script-src 'self' 'unsafe");
        assertThat(answer.header("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.header("referrer-policy")).hasValue("no-referrer");
        assertThat(browser.get("/v1/whoami").header("x-content-type-options")).hasValue("nosniff");
    }

    @Test
    void withoutADashboardThePageSaysHowToBuildIt() throws Exception {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        try (TestServer bare = TestServer.start(folder.resolve("bare"), "heliograph.dashboard=" + empty)) {
            TestClient.Answer answer = bare.anonymous().get("/");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("./heliograph build");
        }
    }
}
