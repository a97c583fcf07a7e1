package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class GrowthCurveTest {
    @Test
    void eachServerIsALineThroughTheMediansOfItsLevels() throws Exception {
        List<Sample> samples = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            samples.add(sample(0, Peer.OURS, round, 300 + round));
            samples.add(sample(0, Peer.NODE, round, 400));
            samples.add(sample(100_000, Peer.OURS, round, 310 + round));
            samples.add(sample(100_000, Peer.NODE, round, 800));
        }

        Document svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(
                        GrowthCurve.svg(new Samples(samples)).orElseThrow().getBytes(StandardCharsets.UTF_8)));

        NodeList lines = svg.getElementsByTagName("polyline");
        assertThat(lines.getLength()).isEqualTo(2);
        assertThat(lines.item(0).getAttributes().getNamedItem("points").getTextContent())
                .isEqualTo("70.0,228.7 610.0,226.0");
        assertThat(svg.getDocumentElement().getTextContent()).contains("heliograph", "node", "100,000");
    }

    @Test
    void withoutGrowthThereIsNoPicture() {
        assertThat(GrowthCurve.svg(new Samples(List.of(sample(0, Peer.OURS, 0, 300)))))
                .isEmpty();
    }

    private static Sample sample(int pending, String peer, int round, double micros) {
        return new Sample(CommandCost.GROWTH + pending, peer, round, Map.of(CommandCost.CPU, micros));
    }
}
