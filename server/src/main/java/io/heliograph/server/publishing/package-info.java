/**
 * Events of other services: they are published over HTTP into the log of the workspace, or sent unlogged to those who are
 * connected; their types may be described by JSON Schemas, and then their data is validated. {@link
 * io.heliograph.server.publishing.PublishController} is the way in. Owns the tables {@code published_event} and {@code
 * event_type}.
 */
@NullMarked
package io.heliograph.server.publishing;

import org.jspecify.annotations.NullMarked;
