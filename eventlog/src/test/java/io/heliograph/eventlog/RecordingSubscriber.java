package io.heliograph.eventlog;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Notes what it is told, and asks for the next page only when the test says so, if it is slow. */
class RecordingSubscriber implements Subscriber<Event> {
    final List<String> seen = new ArrayList<>();
    final boolean slow;
    CompletableFuture<Boolean> ready = new CompletableFuture<>();

    RecordingSubscriber(boolean slow) {
        this.slow = slow;
    }

    @Override
    public CompletionStage<?> page(List<Event> page) {
        seen.add("page" + page.stream().map(Event::offset).toList());
        ready = new CompletableFuture<>();
        if (!slow) {
            ready.complete(true);
        }
        return ready;
    }

    @Override
    public void attached(Cursor cursor) {
        seen.add("attached " + cursor.offset());
    }

    @Override
    public void reset(ResetReason reason, Cursor head) {
        seen.add("reset " + reason.code() + " " + head.offset());
    }

    @Override
    public void dropped() {
        seen.add("dropped");
    }
}
