package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void fieldsSurvive() {
        ByteBuf text = Unpooled.wrappedBuffer(Payload.encode(7, 123_456, 0x7edc_ba98_7654_3210L));

        assertThat(text.readableBytes()).isEqualTo(200);
        assertThat(Payload.publisher(text, 0)).isEqualTo(7);
        assertThat(Payload.sequence(text, 0)).isEqualTo(123_456);
        assertThat(Payload.sentNanos(text, 0)).isEqualTo(0x7edc_ba98_7654_3210L);
    }

    @Test
    void changedDigitIsAFault() {
        ByteBuf text = Unpooled.wrappedBuffer(Payload.encode(0, 0, 0)).setByte(5, '?');

        assertThatThrownBy(() -> Payload.sequence(text, 0))
                .isInstanceOf(PeerFaultException.class)
                .hasMessageContaining("byte 3 ");
    }
}
