/**
 * Engine.IO v4 on Netty: sessions over HTTP long-polling and WebSocket, the upgrade between them, heartbeats, and shared
 * outbound batches.
 *
 * <p>The way in is {@link io.heliograph.engineio.EngineIoServer}: put {@link
 * io.heliograph.engineio.EngineIoServer#newChannelHandler()} right behind an HTTP codec in any pipeline, or let {@link
 * io.heliograph.engineio.EngineIoServer#bind} listen alone.
 *
 * <p>Ownership: a {@link io.heliograph.engineio.Session} belongs to one {@link io.heliograph.engineio.SessionLoop} for
 * life; only that loop reads or writes its fields. HTTP requests that arrive on another loop are passed to it, and a WebSocket
 * channel moves to it before its handshake is answered. The session table is the only state shared between loops.
 *
 * <p>Source: engine.io-protocol v4; RFC 6455.
 */
@NullMarked
package io.heliograph.engineio;

import org.jspecify.annotations.NullMarked;
