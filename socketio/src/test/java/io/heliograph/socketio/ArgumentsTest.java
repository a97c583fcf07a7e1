package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the arguments of an event are bound, whether they came as JSON or, beside an attachment, as trees. */
class ArgumentsTest {

    /** The two forms in which arguments are kept. */
    enum Form {
        JSON {
            @Override
            Arguments of(String list) {
                return arguments(decoder().text(("2[\"x\"," + list + "]").getBytes(UTF_8)));
            }
        },
        TREES {
            @Override
            Arguments of(String list) {
                PacketDecoder decoder = decoder();
                decoder.text(("51-[\"x\"," + list + "]").getBytes(UTF_8));
                return arguments(decoder.binary(new byte[1]));
            }
        };

        abstract Arguments of(String list);

        static PacketDecoder decoder() {
            return Parser.json(ParserLimits.defaults()).newDecoder();
        }

        static Arguments arguments(Decoded decoded) {
            return ((Packet.Event) ((Decoded.Complete) decoded).packet()).arguments();
        }
    }

    record Point(int x, int y) {
        Point {
            if (x < 0) {
                throw new IllegalArgumentException("x is negative");
            }
        }
    }

    record Line(Point from, Point to, String name) {
        Line {
            Objects.requireNonNull(name, "name");
        }
    }

    record Drawing(List<Line> lines) {
        Drawing {
            lines = List.copyOf(lines);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachIsBoundByItsPlace(Form form) {
        Arguments arguments = form.of("1, \"two\" ,{\"x\":3,\"y\":4},[5,6], null,true");

        assertThat(arguments.size()).isEqualTo(6);
        assertThat(arguments.get(0, Integer.class)).isEqualTo(1);
        assertThat(arguments.get(1, String.class)).isEqualTo("two");
        assertThat(arguments.get(2, Point.class)).isEqualTo(new Point(3, 4));
        assertThat(arguments.get(3, int[].class)).containsExactly(5, 6);
        assertThat(arguments.get(4).isNull()).isTrue();
        assertThat(arguments.get(5, Boolean.class)).isTrue();
        assertThat(arguments.get(2)).hasToString("{\"x\":3,\"y\":4}");
    }

    @ParameterizedTest
    @EnumSource
    void aNumberIsWhatThePeerWrote(Form form) {
        Arguments arguments = form.of("0.10000000000000000001,123456789012345678901234567890");

        assertThat(arguments.get(0, BigDecimal.class)).isEqualTo(new BigDecimal("0.10000000000000000001"));
        assertThat(arguments.get(1)).hasToString("123456789012345678901234567890");
    }

    @ParameterizedTest
    @EnumSource
    void theJsonOfOneIsThatOfItAlone(Form form) {
        Arguments arguments = form.of("[1,2],{\"a\":\"ü\"},\"x\"");

        assertThat(new String(arguments.json(0), UTF_8)).isEqualTo("[1,2]");
        assertThat(new String(arguments.json(1), UTF_8)).isEqualTo("{\"a\":\"ü\"}");
        assertThat(new String(arguments.json(2), UTF_8)).isEqualTo("\"x\"");
    }

    @Test
    void theJsonOfOneIsACopy() {
        Arguments arguments = Form.JSON.of("\"x\"");

        arguments.json(0)[1] = 'y';

        assertThat(arguments.get(0, String.class)).isEqualTo("x");
    }

    /** More than the eight places that are reserved at first. */
    @Test
    void thereMayBeMany() {
        StringBuilder list = new StringBuilder("0");
        for (int i = 1; i < 100; i++) {
            list.append(", ").append(i);
        }

        Arguments arguments = Form.JSON.of(list.toString());

        assertThat(arguments.size()).isEqualTo(100);
        for (int i = 0; i < 100; i++) {
            assertThat(arguments.get(i, Integer.class)).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsMissingIsNamed(Form form) {
        Arguments arguments = form.of("1");

        for (int index : new int[] {-1, 1}) {
            String message = "argument " + index + " is missing, there are 1";
            assertThatThrownBy(() -> arguments.get(index, Integer.class))
                    .isInstanceOf(ArgumentMismatchException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> arguments.get(index)).hasMessage(message);
            assertThatThrownBy(() -> arguments.json(index)).hasMessage(message);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneThatDoesNotFitIsNamedWithTheWayToIt(Form form) {
        Arguments arguments = form.of("\"secret\",{\"from\":{\"x\":\"secret\"}},null");

        assertMismatch(arguments, 0, Integer.class, "argument 0 does not fit Integer");
        assertMismatch(arguments, 1, Line.class, "argument 1 does not fit Line at [\"from\"][\"x\"]");
        assertMismatch(arguments, 2, Point.class, "argument 2 does not fit Point");
    }

    /** A list's element by its index, and nothing of the Java classes on the way. */
    @ParameterizedTest
    @EnumSource
    void theWayNamesPropertiesAndPlacesOnly(Form form) {
        Arguments arguments = form.of("{\"lines\":[{\"from\":{\"x\":1,\"y\":\"secret\"}}]},[1,\"secret\"]");

        assertMismatch(
                arguments, 0, Drawing.class, "argument 0 does not fit Drawing at [\"lines\"][0][\"from\"][\"y\"]");
        assertThatThrownBy(() -> arguments.get(1, int[].class))
                .hasMessageStartingWith("argument 1 does not fit int[]")
                .hasMessageNotContaining("secret");
    }

    /** A record's own check is no fault of the server. */
    @ParameterizedTest
    @EnumSource
    void oneThatItsRecordRefusesDoesNotFit(Form form) {
        assertMismatch(form.of("{\"x\":-1,\"y\":0}"), 0, Point.class, "argument 0 does not fit Point");
    }

    @ParameterizedTest
    @EnumSource
    void theyShowTheirNumberOnly(Form form) {
        assertThat(form.of("\"secret\",2")).hasToString("Arguments[2]");
    }

    @Test
    void noArgumentsAreNone() {
        assertThat(Form.arguments(Form.decoder().text("2[\"x\"]".getBytes(UTF_8)))
                        .size())
                .isZero();
        assertThat(Arguments.ofNodes(new JsonBinding(ParserLimits.defaults().json()), List.of())
                        .size())
                .isZero();
    }

    private static void assertMismatch(Arguments arguments, int index, Class<?> type, String message) {
        assertThatThrownBy(() -> arguments.get(index, type))
                .isInstanceOf(ArgumentMismatchException.class)
                .hasMessage(message);
    }
}
