package io.heliograph.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogTextTest {
    private static final String FORGED =
            "no such thing\r\n2026-01-01 ERROR: all is lost\u001b[2J\u2028\u202e\u0085 é\t😀";
    private static final String ESCAPED =
            "no such thing\\u000D\\u000A2026-01-01 ERROR: all is lost\\u001B[2J\\u2028\\u202E\\u0085 é\t😀";

    @Test
    void whatEndsALineOrMovesTheCursorIsWrittenOut() {
        assertThat(LogText.escape(FORGED)).isEqualTo(ESCAPED);
    }

    @Test
    void aMessageStaysOnItsLine() {
        EscapedMessageConverter converter = new EscapedMessageConverter();

        assertThat(converter.convert(event(null))).isEqualTo("refused " + ESCAPED);
    }

    @Test
    void messagesOfExceptionsOfTheirCausesAndOfThoseSuppressedStayOnTheirLines() {
        IllegalStateException failure =
                new IllegalStateException("outer " + FORGED, new IllegalArgumentException("inner " + FORGED));
        failure.addSuppressed(new IllegalArgumentException("beside " + FORGED));
        EscapedThrowableConverter converter = new EscapedThrowableConverter();
        converter.start();

        String trace = converter.convert(event(failure));

        assertThat(trace.lines())
                .allMatch(line -> line.matches("\\s*(at |\\.\\.\\. |Caused by: |Suppressed: |java\\.lang\\.).*"));
        assertThat(trace).contains("outer " + ESCAPED, "inner " + ESCAPED, "beside " + ESCAPED);
    }

    private static LoggingEvent event(@Nullable Throwable failure) {
        return new LoggingEvent(
                "here", new LoggerContext().getLogger("test"), Level.WARN, "refused {}", failure, new Object[] {FORGED
                });
    }
}
