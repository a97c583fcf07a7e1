package io.heliograph.server.readers;

import io.heliograph.server.web.Blocking;
import io.heliograph.server.web.ErrorCode;
import io.heliograph.server.workspaces.Credentials;
import io.heliograph.server.workspaces.Revocations;
import io.heliograph.server.workspaces.Verification.Verified;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** How long a request that stays open may stay: until its credential expires or is taken away. */
final class Grant {
    private final Credentials credentials;
    private final Revocations revocations;
    private final Clock clock;

    Grant(Credentials credentials, Revocations revocations, Clock clock) {
        this.credentials = credentials;
        this.revocations = revocations;
        this.clock = clock;
    }

    /**
     * Completes with the reason when {@code verified} holds no more: {@code token_expired} or {@code token_invalid}.
     * It listens first and then looks again, so nothing falls between the request's check and this one.
     */
    Mono<ErrorCode> ended(Verified verified) {
        return Mono.firstWithSignal(expired(verified.expiresAt()), revoked(verified));
    }

    private Mono<ErrorCode> expired(Optional<Instant> expiresAt) {
        return expiresAt
                .map(end -> Mono.delay(Duration.between(clock.instant(), end)).thenReturn(ErrorCode.TOKEN_EXPIRED))
                .orElseGet(Mono::never);
    }

    private Mono<ErrorCode> revoked(Verified verified) {
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
            Mono<ErrorCode> already = Blocking.call(() -> credentials.stillHolds(verified))
                    .flatMap(holds -> holds
                            ? Blocking.call(() -> credentials.endOf(verified)).flatMap(this::expired)
                            : Mono.just(ErrorCode.TOKEN_INVALID));
            return Mono.firstWithSignal(already, revoked.asMono()).doFinally(_ -> {
                undo.run();
                shortened.dispose();
            });
        });
    }
}
