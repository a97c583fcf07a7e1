package io.heliograph.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final Message ONE = Message.text("one");
    private static final Message TWO = Message.text("two");
    private static final Message LARGE = Message.binary(new byte[64 * 1024]);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final FrameJoiner joiner = new FrameJoiner(allocator);
    private final Batch root = Batch.root();

    @AfterEach
    void everyBufferIsGivenBackAtTheEndOfTheTurn() {
        joiner.endTurn();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void whoGetsTheSameHoldsTheSameBatchAndTheSameBytes() {
        Batch first = root.then(ONE).then(TWO);
        Batch second = root.then(ONE).then(TWO);

        assertThat(second).isSameAs(first);
        assertThat(second.segments(joiner)).isSameAs(first.segments(joiner)).hasSize(1);
        assertThat(allocator.metric().usedDirectMemory())
                .as("joined once, however many hold it")
                .isEqualTo(ONE.frameBytes() + TWO.frameBytes());
    }

    @Test
    void whoGetsAnotherOrderHoldsAnotherBatch() {
        Batch first = root.then(ONE).then(TWO);
        Batch second = root.then(TWO).then(ONE);

        assertThat(second).isNotSameAs(first);
        assertThat(bytes(second)).isNotEqualTo(bytes(first)).hasSameSizeAs(bytes(first));
    }

    @Test
    void aLargeMessageIsCopiedOnceForAllBatchesThatHoldIt() {
        ByteBuf[] first = root.then(ONE).then(LARGE).segments(joiner);
        ByteBuf[] second = root.then(TWO).then(LARGE).segments(joiner);

        assertThat(first).hasSize(2);
        assertThat(second[1]).isSameAs(first[1]);
        assertThat(allocator.metric().usedDirectMemory())
                .isEqualTo(LARGE.frameBytes() + ONE.frameBytes() + TWO.frameBytes());
    }

    /** The buffer of the last turn was given back. */
    @Test
    void aLargeMessageIsCopiedAnewInTheNextTurn() {
        root.then(LARGE).segments(joiner);
        joiner.endTurn();

        ByteBuf[] next = Batch.root().then(LARGE).segments(joiner);

        assertThat(next[0].refCnt()).isEqualTo(1);
        assertThat(next[0].readableBytes()).isEqualTo(LARGE.frameBytes());
    }

    /** Four bytes of the frame are its header. */
    @Test
    void fromSixteenKilobytesOnAMessageHasABufferOfItsOwn() {
        Message large = Message.binary(new byte[16 * 1024 - 4]);
        Message small = Message.binary(new byte[16 * 1024 - 5]);

        assertThat(root.then(ONE).then(large).then(TWO).segments(joiner)).hasSize(3);
        assertThat(root.then(TWO).then(small).then(ONE).segments(joiner)).hasSize(1);
    }

    @Test
    void aBatchHasItsMessagesInOrderAndTheirBytes() {
        Batch batch = root.then(ONE).then(TWO).then(ONE);

        assertThat(batch.messages()).containsExactly(ONE, TWO, ONE);
        assertThat(batch.bytes()).isEqualTo(2L * ONE.frameBytes() + TWO.frameBytes());
        assertThat(root.messages()).isEmpty();
        assertThat(root.bytes()).isZero();
    }

    @Test
    void itsBytesAreCountedByTheFirstWhoTakesItOnly() {
        assertThat(root.then(ONE).takenFirst()).isTrue();
        assertThat(root.then(ONE).takenFirst()).isFalse();
        assertThat(root.then(ONE).then(TWO).takenFirst()).isTrue();
    }

    private byte[] bytes(Batch batch) {
        ByteBuf joined = batch.segments(joiner)[0];
        byte[] bytes = new byte[joined.readableBytes()];
        joined.getBytes(joined.readerIndex(), bytes);
        return bytes;
    }
}
