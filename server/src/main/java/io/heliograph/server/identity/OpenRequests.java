package io.heliograph.server.identity;

import io.heliograph.gateway.Authentication;
import io.heliograph.gateway.CredentialEnd;
import io.heliograph.gateway.CredentialGuard;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.identity.Verification.Verified;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Ends requests that wait when their credential expires or is revoked. Safe from any thread; never blocks. */
public final class OpenRequests {
    private final CredentialGuard guard;
    private final Function<Verified, Supplier<Authentication>> recheck;

    /** @param recheck reads a credential again, as it is stored now; the returned check may block */
    public OpenRequests(CredentialGuard guard, Function<Verified, Supplier<Authentication>> recheck) {
        this.guard = guard;
        this.recheck = recheck;
    }

    /**
     * The answer of a request that waits, or a {@link ProblemException} when {@code verified} ends before there is one.
     * Cancels {@code answer} then.
     */
    public <T> Mono<T> whileHeld(Verified verified, Mono<T> answer) {
        return Mono.using(
                () -> guard.hold(recheck.apply(verified)),
                request -> Mono.firstWithSignal(
                        answer, Mono.fromFuture(request.end()).flatMap(reason -> Mono.error(ended(reason)))),
                CredentialGuard.HeldRequest::close);
    }

    /** The problem of a request whose credential has ended. */
    public static ProblemException ended(CredentialEnd reason) {
        ErrorCode code = switch (reason) {
            case EXPIRED -> ErrorCode.TOKEN_EXPIRED;
            case REVOKED -> ErrorCode.TOKEN_INVALID;
        };
        return new ProblemException(code, "The credential ended while the request waited; get a new one");
    }
}
