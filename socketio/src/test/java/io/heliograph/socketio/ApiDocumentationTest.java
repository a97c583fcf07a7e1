package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.DocumentationTool;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every public type, method and constant of the libraries for others has a description, by what javadoc itself finds missing. */
class ApiDocumentationTest {

    @ParameterizedTest
    @ValueSource(strings = {"engineio", "socketio"})
    void everythingPublicIsDescribed(String module, @TempDir Path output) throws IOException {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        DocumentationTool javadoc = ToolProvider.getSystemDocumentationTool();
        StringWriter rest = new StringWriter();
        try (StandardJavaFileManager files = javadoc.getStandardFileManager(diagnostics, Locale.ROOT, null);
                Stream<Path> sources = Files.walk(Path.of("..", module, "src/main/java"))) {
            files.setLocationFromPaths(DocumentationTool.Location.DOCUMENTATION_OUTPUT, List.of(output));
            List<Path> java =
                    sources.filter(path -> path.toString().endsWith(".java")).toList();
            List<String> options = List.of(
                    "-quiet",
                    "-Xdoclint:missing",
                    "-Xmaxwarns",
                    "10000",
                    "-classpath",
                    System.getProperty("java.class.path"));

            boolean succeeded = javadoc.getTask(
                            rest, files, diagnostics, null, options, files.getJavaFileObjectsFromPaths(java))
                    .call();

            assertThat(succeeded).as(rest.toString()).isTrue();
            // It is run at all: descriptions have few tags here.
            assertThat(diagnostics.getDiagnostics()).isNotEmpty();
        }
        assertThat(diagnostics.getDiagnostics())
                .filteredOn(found -> found.getMessage(Locale.ROOT)
                        .matches("(?s).*(no comment|no main description|does not provide a comment).*"))
                .extracting(Diagnostic::toString)
                .isEmpty();
    }
}
