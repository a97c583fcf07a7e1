package io.heliograph.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that clients run by emitting an event of this name: {@code socket.emitWithAck("say", {text: "hi"})}.
 *
 * <pre>{@code
 * record Say(String text) {}
 *
 * @SocketEvent("say")
 * Map<String, Object> say(Say say, Principal principal) { … }
 * }</pre>
 *
 * <p>Parameters, in any order: one type that the application's mapper reads the client's one argument into, {@link
 * io.heliograph.gateway.Principal}, {@link io.heliograph.gateway.ClientSocket}; each at most once. What is returned is the
 * acknowledgement: an object as JSON; {@code {"ok": true}} for {@code void}.
 *
 * <p>It runs on a virtual thread, for each socket one at a time, and may block. A {@link
 * io.heliograph.gateway.CommandRejectedException} tells the client a code and a text; an argument that does not fit is
 * answered with {@code invalid_request} and the field; another exception with {@code internal}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SocketEvent {

    /** The name of the event, unique in the application. */
    String value();
}
