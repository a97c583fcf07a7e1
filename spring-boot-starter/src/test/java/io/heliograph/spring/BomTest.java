package io.heliograph.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;

class BomTest {
    private static final Path ROOT = Path.of("..");

    @Test
    void theBomHasEveryLibraryInThisVersion() throws Exception {
        List<String> libraries = texts(ROOT.resolve("pom.xml"), "/project/modules/module").stream()
                .filter(module -> !List.of("server", "bench", "bom").contains(module) && !module.contains("/"))
                .map(module -> artifact(ROOT.resolve(module).resolve("pom.xml")))
                .toList();

        Path bom = ROOT.resolve("bom/pom.xml");
        assertThat(texts(bom, "//dependency/artifactId")).containsAll(libraries);
        assertThat(texts(bom, "//dependency/version")).containsOnly("${project.version}");
        assertThat(texts(bom, "/project/version")).isEqualTo(texts(ROOT.resolve("pom.xml"), "/project/version"));
    }

    private static String artifact(Path pom) {
        try {
            return texts(pom, "/project/artifactId").getFirst();
        } catch (Exception failure) {
            throw new AssertionError(pom.toString(), failure);
        }
    }

    private static List<String> texts(Path pom, String path) throws Exception {
        NodeList nodes = (NodeList) XPathFactory.newInstance()
                .newXPath()
                .evaluate(
                        path,
                        DocumentBuilderFactory.newInstance()
                                .newDocumentBuilder()
                                .parse(pom.toFile()),
                        XPathConstants.NODESET);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(index -> nodes.item(index).getTextContent().strip())
                .toList();
    }
}
