/**
 * Reading and writing of JSON: {@link io.heliograph.server.json.Json} for the mappers, {@link
 * io.heliograph.server.json.RequestJson} for input of clients, {@link io.heliograph.server.json.JsonFault} for its
 * faults.
 */
@NullMarked
package io.heliograph.server.json;

import org.jspecify.annotations.NullMarked;
