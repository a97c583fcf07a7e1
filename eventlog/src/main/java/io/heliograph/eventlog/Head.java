package io.heliograph.eventlog;

/**
 * The ends of one workspace's log.
 *
 * @param cursor of the newest event, at offset 0 when there is none yet
 * @param oldestOffset of the oldest event still kept; one past the newest when nothing is kept
 */
public record Head(Cursor cursor, long oldestOffset) {}
