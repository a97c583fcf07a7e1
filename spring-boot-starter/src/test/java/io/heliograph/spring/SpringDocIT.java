package io.heliograph.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.spring.test.SocketClient;
import java.io.StringReader;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.io.DefaultResourceLoader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs docs/SPRING.md: its files are compiled as they stand, and the application is used as the page says. */
class SpringDocIT {
    private static final Path DOC = Path.of("..", "docs", "SPRING.md");

    @TempDir
    private Path folder;

    @Test
    void theTenMinutesWork() throws Exception {
        String tutorial = section("Ten minutes");
        Path source = Files.writeString(folder.resolve("Shop.java"), block(tutorial, "java"));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-parameters",
                        "-proc:none",
                        "-d",
                        folder.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString());
        assertThat(status).isZero();
        try (URLClassLoader loader = new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
                ConfigurableApplicationContext context =
                        start(loader.loadClass("shop.Shop"), block(tutorial, "properties"))) {
            Environment environment = context.getEnvironment();
            String url = "http://127.0.0.1:" + environment.getRequiredProperty("local.server.port");
            int sockets = environment.getRequiredProperty("local.heliograph.port", Integer.class);
            String token = JsonMapper.builder()
                    .build()
                    .readTree(post(url + "/acme/socket-token"))
                    .get("token")
                    .asString();
            String cursor;
            try (SocketClient page = SocketClient.connect(sockets, token)) {
                post(url + "/acme/orders/1/teapot");
                JsonNode event = page.next("order:placed");
                assertThat(event.at("/data/article").asString()).isEqualTo("teapot");
                assertThat(event.at("/offset").asInt()).isEqualTo(1);
                cursor = page.cursor();
            }
            post(url + "/acme/orders/2/cup");
            try (SocketClient again = SocketClient.connectAfter(sockets, token, cursor)) {
                assertThat(again.next("order:placed").at("/data/article").asString())
                        .isEqualTo("cup");
            }
        }
    }

    private ConfigurableApplicationContext start(Class<?> application, String settings) throws Exception {
        Properties properties = new Properties();
        properties.load(
                new StringReader(settings.replace("jdbc:sqlite:shop.db", "jdbc:sqlite:" + folder.resolve("shop.db"))));
        properties.setProperty("heliograph.port", "0");
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--heliograph.address=127.0.0.1",
                // This class path has JPA too, which knows no SQLite.
                "--spring.data.jpa.repositories.enabled=false",
                "--spring.autoconfigure.exclude="
                        + "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration"));
        properties.forEach((key, value) -> arguments.add("--" + key + "=" + value));
        return new SpringApplicationBuilder(application)
                .resourceLoader(new DefaultResourceLoader(application.getClassLoader()))
                .run(arguments.toArray(String[]::new));
    }

    private static String post(String url) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void theTableHasEverySettingWithItsDefault() throws Exception {
        Map<String, String> documented = new TreeMap<>();
        Arrays.stream(section("Settings").split("\n"))
                .map(line -> line.split("\\|"))
                .filter(cells -> cells.length > 3 && cells[1].contains("`heliograph"))
                .forEach(cells -> documented.put(
                        cells[1].replace("`", "").strip(),
                        cells[2].replace("`", "").strip()));

        Map<String, String> settings = new TreeMap<>();
        JsonNode metadata = JsonMapper.builder()
                .build()
                .readTree(getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json"));
        for (JsonNode property : metadata.get("properties")) {
            assertThat(property.path("description").asString(""))
                    .as(property.get("name").asString())
                    .isNotBlank();
            settings.put(
                    property.get("name").asString(),
                    property.path("defaultValue").asString(""));
        }

        assertThat(documented).isEqualTo(settings).hasSizeGreaterThan(25);
    }

    private static String section(String name) throws Exception {
        String text = Files.readString(DOC);
        int begin = text.indexOf("\n## " + name + "\n");
        int end = text.indexOf("\n## ", begin + 1);
        assertThat(begin).isPositive();
        return text.substring(begin, end < 0 ? text.length() : end);
    }

    private static String block(String text, String language) {
        Matcher matcher =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1).stripIndent();
    }
}
