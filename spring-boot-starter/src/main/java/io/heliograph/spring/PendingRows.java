package io.heliograph.spring;

/** Rows that an object-relational mapper holds until the commit. */
interface PendingRows {
    /** Writes those of the calling thread's transaction to the database. */
    void flush();
}
