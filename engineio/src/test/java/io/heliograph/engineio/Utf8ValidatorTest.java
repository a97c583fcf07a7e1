package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InstancioExtension.class)
class Utf8ValidatorTest {

    @Test
    void agreesWithTheJdkOnAnyBytes() {
        Randoms.samples(3000)
                .map(random -> Randoms.bytes(random, 24))
                .forEach(bytes -> assertThat(Utf8Validator.valid(bytes, 0, bytes.length))
                        .as("%s", bytes)
                        .isEqualTo(validForJdk(bytes)));
    }

    @Test
    void acceptsAnyTextCutAnywhere() {
        Randoms.samples(500).forEach(random -> {
            byte[] bytes = Randoms.text(random, 100).getBytes(UTF_8);
            int cut = random.nextInt(bytes.length + 1);
            Utf8Validator validator = new Utf8Validator();

            boolean valid = validator.accept(bytes, 0, cut) && validator.accept(bytes, cut, bytes.length);

            assertThat(valid && validator.complete())
                    .as("%s cut at %s", bytes, cut)
                    .isTrue();
        });
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
