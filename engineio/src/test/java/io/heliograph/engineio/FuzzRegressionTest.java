package io.heliograph.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The fuzz targets on the saved corpus: what once was a finding, or led somewhere new. CONTRIBUTING says how to fuzz. */
class FuzzRegressionTest {

    @TestFactory
    Stream<DynamicTest> webSocketDecoder() throws IOException {
        return run("WebSocketDecoderFuzz", WebSocketDecoderFuzz::fuzzerTestOneInput);
    }

    @TestFactory
    Stream<DynamicTest> payload() throws IOException {
        return run("PayloadFuzz", PayloadFuzz::fuzzerTestOneInput);
    }

    private static Stream<DynamicTest> run(String name, Consumer<byte[]> target) throws IOException {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "fuzz", name))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).isNotEmpty();
        return inputs.stream()
                .map(input -> DynamicTest.dynamicTest(
                        input.getFileName().toString(), () -> target.accept(Files.readAllBytes(input))));
    }
}
