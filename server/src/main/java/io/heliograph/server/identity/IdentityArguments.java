package io.heliograph.server.identity;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.web.IdempotentRequest;
import org.springframework.core.MethodParameter;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.SyncHandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;

/**
 * Gives controllers their {@link Caller}, the {@link Verification.Verified} credential, or an {@link IdempotentRequest}. A
 * parameter of type {@link Caller.Member} refuses API keys.
 */
final class IdentityArguments implements SyncHandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        Class<?> type = parameter.getParameterType();
        return Caller.class.isAssignableFrom(type)
                || type == Verification.Verified.class
                || type == IdempotentRequest.class;
    }

    @Override
    public Object resolveArgumentValue(
            MethodParameter parameter, BindingContext bindingContext, ServerWebExchange exchange) {
        Verification.Verified verified = exchange.getAttribute(IdentityFilter.VERIFIED);
        if (verified == null) {
            throw new ProblemException(
                    ErrorCode.TOKEN_MISSING, "Send a token or an API key, as Authorization: Bearer …");
        }
        Caller caller = verified.caller();
        Class<?> type = parameter.getParameterType();
        if (type == IdempotentRequest.class) {
            return IdempotentRequest.of(caller.workspace(), caller.idempotencyOwner(), exchange);
        }
        if (type == Verification.Verified.class) {
            return verified;
        }
        return type == Caller.Member.class ? caller.requireMember() : caller;
    }
}
