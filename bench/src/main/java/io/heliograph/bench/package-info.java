/**
 * The benchmarks: one load generator, four servers under it, and the micro benchmarks.
 *
 * <p>{@link io.heliograph.bench.Bench} is the way in: it starts each server as a process pinned to one core, drives it
 * from its own core, and writes a table of targets. A {@link io.heliograph.bench.RoomClients} is the set of clients of one
 * server; all its state belongs to one event loop. What a server must speak is in {@link io.heliograph.bench.Peer}.
 */
@NullMarked
package io.heliograph.bench;

import org.jspecify.annotations.NullMarked;
