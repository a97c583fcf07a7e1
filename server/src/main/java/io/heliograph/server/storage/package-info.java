/**
 * The data folder and the database in it: opening it, its schema, its connection pools, SQLite's write-ahead log and
 * backups, and the log on it. The ways in are {@link io.heliograph.server.storage.LockedDataDirectory}, which opens all of it,
 * {@link io.heliograph.server.storage.Storage}, and for features {@link io.heliograph.server.storage.Blocking} and {@link
 * io.heliograph.server.storage.PageRows}. Knows no feature.
 */
@NullMarked
package io.heliograph.server.storage;

import org.jspecify.annotations.NullMarked;
