package io.heliograph.eventlog;

/** A log that a test can also shorten and replace. */
interface TestLog extends EventLog {

    /** As retention does: events before {@code offset} are gone. */
    void dropBefore(WorkspaceId workspace, long offset);

    /** Throws the log away: a new epoch, offsets from 1. */
    void reset(WorkspaceId workspace);

    /** The same events under a new epoch. */
    void newEpoch(WorkspaceId workspace);

    /** While this is so, whoever reads gets an {@link EventLogException}. */
    void breakReads(boolean broken);
}
