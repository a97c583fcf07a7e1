package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationCodecTest {
    private final NotificationCodec.Assembly assembly = new NotificationCodec.Assembly();

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private NotificationCodec.Result add(String payload) {
        return assembly.add(NotificationCodec.parse(payload).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                NotificationCodec.MAX_PART - 1,
                NotificationCodec.MAX_PART,
                NotificationCodec.MAX_PART + 1,
                3 * NotificationCodec.MAX_PART,
                50_000
            })
    void aMessageOfAnyLengthComesBackFromPayloadsThatPostgresqlTakes(int length) {
        List<String> payloads = NotificationCodec.encode(-1, Long.MAX_VALUE, bytes(length));

        Optional<byte[]> message = Optional.empty();
        for (String payload : payloads) {
            assertThat(message).as("only the last part completes it").isEmpty();
            assertThat(payload).hasSizeLessThanOrEqualTo(NotificationCodec.MAX_PAYLOAD);
            message = add(payload).message();
        }

        assertThat(message.orElseThrow()).isEqualTo(bytes(length));
        assertThat(payloads).hasSize(Math.max(1, Math.ceilDiv(length, NotificationCodec.MAX_PART)));
    }

    @Test
    void noTwoPayloadsOfASenderAreTheSame() {
        List<String> payloads =
                new ArrayList<>(NotificationCodec.encode(1, 0, new byte[3 * NotificationCodec.MAX_PART]));
        payloads.addAll(NotificationCodec.encode(1, payloads.size(), new byte[0]));

        assertThat(payloads).doesNotHaveDuplicates();
    }

    @Test
    void aMessageWithoutItsMiddleIsLostAndTheNextOneIsWhole() {
        List<String> payloads = NotificationCodec.encode(1, 7, bytes(3 * NotificationCodec.MAX_PART));
        assertThat(add(payloads.getFirst()).lost()).isFalse();

        NotificationCodec.Result next =
                add(NotificationCodec.encode(1, 10, bytes(5)).getFirst());

        assertThat(next.lost()).isTrue();
        assertThat(next.message().orElseThrow()).isEqualTo(bytes(5));
        assertThat(add(NotificationCodec.encode(1, 11, bytes(6)).getFirst()).lost())
                .isFalse();
    }

    @Test
    void partsOfTwoSendersAreNotPutTogether() {
        String begin = NotificationCodec.encode(1, 7, bytes(2 * NotificationCodec.MAX_PART))
                .getFirst();
        String end = NotificationCodec.encode(2, 7, bytes(2 * NotificationCodec.MAX_PART))
                .getLast();
        assertThat(add(begin).message()).isEmpty();

        NotificationCodec.Result result = add(end);

        assertThat(result.lost()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "1:2", "1:2:", "1:2:-AA==", "x:2:.AA==", "1:2:.A", "11111111111111111:2:.AA==", "1:2:.ü"
            })
    void anythingElseIsNoPayload(String text) {
        assertThat(NotificationCodec.parse(text)).isEmpty();
    }
}
