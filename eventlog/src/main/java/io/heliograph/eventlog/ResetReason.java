package io.heliograph.eventlog;

/** Why a subscription cannot continue from its cursor, so that the client must load its lists again. */
public enum ResetReason {
    /** The cursor is of an earlier epoch of this log: it was reset, or restored from a backup. */
    EPOCH_CHANGED("epoch-changed"),
    /** The cursor's offset is past the end of the log: the log lost its tail, or the cursor is forged. */
    AHEAD_OF_HEAD("ahead-of-head"),
    /** Retention has removed events that the client has not received. */
    TOO_OLD("too-old"),
    /** Another event stands at the cursor's offset: the log was restored and has moved on, or the cursor is forged. */
    MISMATCH("mismatch"),
    /** The cursor belongs to the log of another workspace. */
    OTHER_WORKSPACE("other-workspace"),
    /** This node failed to hand new events over, and cannot know which of them have arrived. */
    DELIVERY_FAILED("delivery-failed");

    private final String code;

    ResetReason(String code) {
        this.code = code;
    }

    /** The reason as clients get it, in kebab case. */
    public String code() {
        return code;
    }
}
