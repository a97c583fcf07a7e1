package io.heliograph.eventlog;

import io.heliograph.eventlog.ReaderHistory.Told;
import java.util.Arrays;
import java.util.Optional;

/**
 * Compares what a reader was told with what was in the log: it must be the log's restriction to what the reader may
 * see, from where it began, without a hole, a repeat, an inversion, or anything of another workspace or member. A reset
 * must have a cause.
 */
final class HistoryChecker {
    private final Truth truth;

    HistoryChecker(Truth truth) {
        this.truth = truth;
    }

    static final class Violation extends AssertionError {
        Violation(ReaderHistory history, String what) {
            super(what + " in the history of " + history.member() + " from " + history.start() + ": " + history.told());
        }
    }

    /** The walk along one history. */
    private final class Walk {
        private final ReaderHistory history;

        /** It has everything up to here; empty until it is known where it began. */
        private Optional<Cursor> at;

        private boolean suspicious;

        Walk(ReaderHistory history) {
            this.history = history;
            this.at = switch (history.start()) {
                case StartPosition.After(Cursor cursor) -> Optional.of(cursor);
                case StartPosition.Now _, StartPosition.Oldest _ -> Optional.empty();
            };
            this.suspicious = !history.trusted();
        }

        void follow() {
            history.told().forEach(this::step);
        }

        private void step(Told told) {
            switch (told) {
                case Told.Got(Event event) -> got(event);
                case Told.Reached(Cursor cursor) -> reached(cursor);
                case Told.WasReset(ResetReason reason, Cursor head) -> reset(reason, head);
            }
        }

        private void got(Event event) {
            check(!suspicious, "an event for a made-up cursor");
            check(event.workspace().equals(history.workspace()), "an event of another workspace");
            check(history.sees(event), "an event for another member");
            String epoch = event.position().epoch();
            check(truth.belongs(epoch, history.workspace()), "an event of an unknown epoch");
            check(event.offset() >= 1 && event.offset() <= truth.events(epoch).size(), "an event that never was");
            Event original = truth.events(epoch).get(Math.toIntExact(event.offset() - 1));
            check(
                    original.id().equals(event.id())
                            && Arrays.equals(
                                    original.payload().bytes(), event.payload().bytes()),
                    "another event than the log's at " + event.offset());
            long before = at.map(Cursor::offset).orElse(beginning(epoch, event));
            at.ifPresent(cursor -> check(cursor.epoch().equals(epoch), "epochs mixed without a reset"));
            check(event.offset() > before || at.isEmpty(), "offset " + event.offset() + " again or out of order");
            nothingSkipped(epoch, before, event.offset() - 1);
            at = Optional.of(event.cursor());
        }

        /** The oldest are all that are kept; a wait from now on begins wherever the feed was. */
        private long beginning(String epoch, Event first) {
            return history.start() instanceof StartPosition.Oldest ? truth.dropped(epoch) : first.offset() - 1;
        }

        private void reached(Cursor cursor) {
            check(!suspicious, "a made-up cursor was believed");
            check(truth.belongs(cursor.epoch(), history.workspace()), "a cursor of an unknown epoch");
            check(truth.cursor(cursor.epoch(), cursor.offset()).equals(cursor), "a cursor that never was");
            at.ifPresent(before -> {
                check(before.epoch().equals(cursor.epoch()), "epochs mixed without a reset");
                check(before.offset() <= cursor.offset(), "a cursor that goes back");
                nothingSkipped(cursor.epoch(), before.offset(), cursor.offset());
            });
            at = Optional.of(cursor);
        }

        private void reset(ResetReason reason, Cursor head) {
            check(justified(reason, head), "a reset without cause (" + reason + ")");
            suspicious = false;
            at = Optional.empty();
            reached(head);
        }

        private boolean justified(ResetReason reason, Cursor head) {
            if (at.isEmpty()) {
                // It has had nothing yet: its beginning may have been overtaken.
                return reason == ResetReason.TOO_OLD || reason == ResetReason.EPOCH_CHANGED;
            }
            Cursor before = at.get();
            return switch (reason) {
                case EPOCH_CHANGED -> !before.epoch().equals(head.epoch());
                case TOO_OLD -> before.offset() <= truth.dropped(before.epoch());
                case AHEAD_OF_HEAD, MISMATCH -> suspicious;
                case DELIVERY_FAILED -> false;
                case OTHER_WORKSPACE -> suspicious && !truth.belongs(before.epoch(), history.workspace());
            };
        }

        /** No event that the reader may see, and that is still kept, lies after {@code from} and up to {@code to}. */
        private void nothingSkipped(String epoch, long from, long to) {
            for (long offset = from + 1; offset <= to; offset++) {
                Event event = truth.events(epoch).get(Math.toIntExact(offset - 1));
                check(!history.sees(event) || replaced(event), "offset " + offset + " is missing");
            }
        }

        /** Whether a newer one with the same key lay before the head when the reader joined. */
        private boolean replaced(Event event) {
            String epoch = event.position().epoch();
            return event.conflationKey().isPresent()
                    && truth.events(epoch).stream()
                            .skip(event.offset())
                            .limit(Math.max(0, history.headAtStart(epoch) - event.offset()))
                            .anyMatch(later -> later.conflationKey().equals(event.conflationKey()));
        }

        void complete() {
            String epoch = truth.epoch(history.workspace());
            check(at.isPresent(), "a reader that was never placed");
            at.ifPresent(cursor -> {
                check(cursor.epoch().equals(epoch), "a reader left behind in epoch " + cursor.epoch());
                nothingSkipped(epoch, cursor.offset(), truth.events(epoch).size());
            });
        }

        private void check(boolean holds, String otherwise) {
            if (!holds) {
                throw new Violation(history, otherwise);
            }
        }
    }

    /** What was told is right. */
    void checkRight(ReaderHistory history) {
        new Walk(history).follow();
    }

    /** What was told is right and goes up to the end of the log. */
    void checkRightAndComplete(ReaderHistory history) {
        Walk walk = new Walk(history);
        walk.follow();
        walk.complete();
    }
}
