package io.heliograph.server.identity;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.storage.Blocking;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Tells when a request that stays open has to end, because its credential has expired or was taken away. Safe from any
 * thread; never blocks.
 */
public final class CredentialWatch {
    private final Stored stored;
    private final Revocations revocations;
    private final Clock clock;

    /** What is stored of a credential that was verified before. May block. */
    public interface Stored {
        /** Whether it would be verified now, and as the same. */
        boolean stillHolds(Verification.Verified verified);

        /** When it ends by itself, as it is stored now; empty when it has no end. */
        Optional<Instant> endOf(Verification.Verified verified);
    }

    public CredentialWatch(Stored stored, Revocations revocations, Clock clock) {
        this.stored = stored;
        this.revocations = revocations;
        this.clock = clock;
    }

    /**
     * The answer of a request that waits, or a {@link ProblemException} when {@code verified} ends before there is one.
     * Cancels {@code answer} then.
     */
    public <T> Mono<T> whileHeld(Verification.Verified verified, Mono<T> answer) {
        return Mono.firstWithSignal(
                answer,
                ended(verified)
                        .flatMap(code -> Mono.error(new ProblemException(
                                code, "The credential ended while the request waited; get a new one"))));
    }

    /**
     * Completes with the reason when {@code verified} holds no more: {@code token_expired} or {@code token_invalid}.
     * It listens first and then looks again, so nothing falls between the request's check and this one.
     */
    public Mono<ErrorCode> ended(Verification.Verified verified) {
        return Mono.firstWithSignal(expired(verified.expiresAt()), revoked(verified));
    }

    private Mono<ErrorCode> expired(Optional<Instant> expiresAt) {
        return expiresAt
                .map(end -> Mono.delay(Duration.between(clock.instant(), end)).thenReturn(ErrorCode.TOKEN_EXPIRED))
                .orElseGet(Mono::never);
    }

    private Mono<ErrorCode> revoked(Verification.Verified verified) {
        return Mono.defer(() -> {
            Sinks.One<ErrorCode> revoked = Sinks.one();
            Disposable.Composite shortened = Disposables.composite();
            Runnable undo = revocations.listen(revocation -> {
                if (verified.endedBy(revocation)) {
                    revoked.tryEmitValue(ErrorCode.TOKEN_INVALID);
                }
                verified.shortenedBy(revocation)
                        .ifPresent(shorter ->
                                shortened.add(expired(shorter.expiresAt()).subscribe(revoked::tryEmitValue)));
            });
            Mono<ErrorCode> already = Blocking.call(() -> stored.stillHolds(verified))
                    .flatMap(holds -> holds
                            ? Blocking.call(() -> stored.endOf(verified)).flatMap(this::expired)
                            : Mono.just(ErrorCode.TOKEN_INVALID));
            return Mono.firstWithSignal(already, revoked.asMono()).doFinally(_ -> {
                undo.run();
                shortened.dispose();
            });
        });
    }
}
