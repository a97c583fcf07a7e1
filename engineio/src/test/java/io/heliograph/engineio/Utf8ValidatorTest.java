package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Utf8ValidatorTest {

    @Property(tries = 3000)
    void agreesWithTheJdkOnAnyBytes(@ForAll @Size(max = 24) byte[] bytes) {
        assertThat(Utf8Validator.valid(bytes, 0, bytes.length)).isEqualTo(validForJdk(bytes));
    }

    @Property(tries = 500)
    void acceptsAnyTextCutAnywhere(@ForAll String text, @ForAll @net.jqwik.api.constraints.IntRange(max = 50) int at) {
        byte[] bytes = new String(text.getBytes(UTF_8), UTF_8).getBytes(UTF_8);
        int cut = Math.min(at, bytes.length);
        Utf8Validator validator = new Utf8Validator();

        boolean valid = validator.accept(bytes, 0, cut) && validator.accept(bytes, cut, bytes.length);

        assertThat(valid && validator.complete()).isTrue();
    }

    @Test
    void agreesWithTheJdkOnEveryPairOfBytesBehindALead() {
        byte[] bytes = new byte[4];
        for (int lead = 0x80; lead <= 0xFF; lead++) {
            for (int second = 0; second <= 0xFF; second++) {
                bytes[0] = (byte) lead;
                bytes[1] = (byte) second;
                bytes[2] = (byte) 0x80;
                bytes[3] = (byte) 0x80;
                for (int length = 1; length <= 4; length++) {
                    byte[] cut = java.util.Arrays.copyOf(bytes, length);
                    assertThat(Utf8Validator.valid(cut, 0, length)).isEqualTo(validForJdk(cut));
                }
            }
        }
    }

    private static boolean validForJdk(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
