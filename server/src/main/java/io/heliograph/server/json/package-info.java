/**
 * How JSON is read and written here: {@link io.heliograph.server.json.Json} for the mappers, {@link
 * io.heliograph.server.json.RequestJson} for what clients send, {@link io.heliograph.server.json.JsonFault} for what is
 * wrong with it.
 */
@NullMarked
package io.heliograph.server.json;

import org.jspecify.annotations.NullMarked;
