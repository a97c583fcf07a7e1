/**
 * The gateway inside a Spring Boot service: the log in the service's own database, events appended in its transactions,
 * and sockets on a port of its own or on Reactor Netty's. The ways in for an application: {@link
 * io.heliograph.spring.EventPublisher}, {@link io.heliograph.spring.SocketEvent}, and a bean of type {@link
 * io.heliograph.gateway.Authenticator} where tokens are no JWTs. Settings: docs/SPRING.md.
 *
 * <p>Spring's context owns all state; see each class for its threads.
 */
@NullMarked
package io.heliograph.spring;

import org.jspecify.annotations.NullMarked;
