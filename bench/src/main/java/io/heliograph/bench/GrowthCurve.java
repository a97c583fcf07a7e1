package io.heliograph.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The chart of the cost of a create as pending approvals accumulate: CPU over pending approvals, one line for each
 * server.
 */
final class GrowthCurve {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int LEFT = 70;
    private static final int RIGHT = 110;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int STEPS = 4;
    private static final List<String> COLOURS = List.of("#2563eb", "#d97706");

    private GrowthCurve() {}

    private record Point(double pending, double micros) {}

    private record Line(String peer, String colour, List<Point> points) {}

    /** Empty when the samples have no growth. */
    static Optional<String> svg(Samples samples) {
        List<String> scenarios = samples.scenarios(CommandCost.GROWTH);
        if (scenarios.size() < 2) {
            return Optional.empty();
        }
        List<String> peers = List.of(Peer.OURS, Peer.NODE).stream()
                .filter(peer -> samples.has(scenarios.getFirst(), peer))
                .toList();
        List<Line> lines = peers.stream()
                .map(peer -> new Line(
                        peer,
                        COLOURS.get(peers.indexOf(peer)),
                        scenarios.stream()
                                .map(scenario -> new Point(
                                        pending(scenario),
                                        samples.spread(scenario, peer, CommandCost.CPU)
                                                .median()))
                                .toList()))
                .toList();
        return Optional.of(draw(lines, pending(scenarios.getLast())));
    }

    private static double pending(String scenario) {
        return Double.parseDouble(scenario.substring(CommandCost.GROWTH.length()));
    }

    private static String draw(List<Line> lines, double most) {
        double highest = lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::micros)
                .max()
                .orElse(1);
        double top = Math.ceil(highest * 1.2 / 100) * 100;
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="white"/>
                <text x="%d" y="22" font-size="15">CPU per create in µs, over pending approvals</text>
                """.formatted(WIDTH, HEIGHT, LEFT));
        for (int step = 0; step <= STEPS; step++) {
            double micros = top * step / STEPS;
            double pending = most * step / STEPS;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                    LEFT,
                    WIDTH - RIGHT,
                    y(micros, top),
                    y(micros, top)));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>%n",
                    LEFT - 8,
                    y(micros, top) + 4,
                    micros));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,.0f</text>%n",
                    x(pending, most),
                    HEIGHT - BOTTOM + 22,
                    pending));
        }
        for (Line line : lines) {
            String points = line.points().stream()
                    .map(point ->
                            String.format(Locale.ROOT, "%.1f,%.1f", x(point.pending(), most), y(point.micros(), top)))
                    .collect(Collectors.joining(" "));
            svg.append(String.format(
                    Locale.ROOT,
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n",
                    line.colour(),
                    points));
            Point last = line.points().getLast();
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>%n",
                    x(last.pending(), most) + 8,
                    y(last.micros(), top) + 4,
                    line.colour(),
                    line.peer()));
        }
        return svg.append("</svg>\n").toString();
    }

    private static double x(double pending, double most) {
        return LEFT + pending / most * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double micros, double top) {
        return HEIGHT - BOTTOM - micros / top * (HEIGHT - TOP - BOTTOM);
    }
}
