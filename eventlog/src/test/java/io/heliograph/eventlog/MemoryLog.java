package io.heliograph.eventlog;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Logs in memory without SQL, for tests of feeds. For one thread. */
final class MemoryLog implements TestLog {
    private final Map<WorkspaceId, Life> lives = new HashMap<>();
    private final InstantSource clock;
    private final Bus bus;
    private int epochs;

    /** Reads fail while this is so. */
    private boolean broken;

    int pageReads;

    /** Runs once, after the next read has seen the log and before its reader has the answer. */
    private Runnable duringNextRead = () -> {};

    private static final class Life {
        String epoch;
        String lastId = "";
        long head;
        final List<Event> events = new ArrayList<>();

        Life(String epoch) {
            this.epoch = epoch;
        }

        long oldest() {
            return events.isEmpty() ? head + 1 : events.getFirst().offset();
        }
    }

    MemoryLog(InstantSource clock, Bus bus) {
        this.clock = clock;
        this.bus = bus;
    }

    @Override
    public <T> T write(WorkspaceId workspace, Command<T> command) {
        Life life = life(workspace);
        List<Draft> drafts = new ArrayList<>();
        T value = command.run(new Transaction() {
            @Override
            public java.sql.Connection connection() {
                throw new UnsupportedOperationException("no SQL here");
            }

            @Override
            public java.time.Instant now() {
                return clock.instant();
            }

            @Override
            public Cursor append(Draft draft) {
                drafts.add(draft);
                return Cursor.at(life.epoch, life.head + drafts.size(), draft.id());
            }

            @Override
            public void afterCommit(Runnable action) {
                throw new UnsupportedOperationException("not needed here");
            }
        });
        if (!drafts.isEmpty()) {
            List<Event> events = new ArrayList<>();
            for (Draft draft : drafts) {
                Position position = new Position(life.epoch, ++life.head, clock.instant());
                life.lastId = draft.id();
                events.add(draft.placed(workspace, position));
            }
            life.events.addAll(events);
            bus.publish(new Hint(workspace, events.getLast().cursor(), events));
        }
        return value;
    }

    @Override
    public <T> T read(WorkspaceId workspace, Query<T> query) {
        throw new UnsupportedOperationException("no SQL here");
    }

    @Override
    public List<Event> after(WorkspaceId workspace, long offset, int limit) {
        checkReads();
        pageReads++;
        Life life = life(workspace);
        return seen(life.events.stream()
                .filter(event -> event.offset() > offset)
                .limit(limit)
                .map(event -> inEpoch(event, life.epoch))
                .toList());
    }

    @Override
    public Map<Long, Long> successors(WorkspaceId workspace, long first, long last) {
        checkReads();
        List<Event> keyed = life(workspace).events.stream()
                .filter(event -> event.conflationKey().isPresent())
                .toList();
        Map<Long, Long> successors = new HashMap<>();
        for (Event event : keyed) {
            keyed.stream()
                    .filter(next -> event.offset() >= first
                            && event.offset() <= last
                            && next.offset() > event.offset()
                            && next.conflationKey().equals(event.conflationKey()))
                    .findFirst()
                    .ifPresent(next -> successors.put(event.offset(), next.offset()));
        }
        return seen(successors);
    }

    @Override
    public Map<WorkspaceId, Head> heads(Collection<WorkspaceId> workspaces) {
        checkReads();
        Map<WorkspaceId, Head> heads = new HashMap<>();
        workspaces.forEach(workspace -> {
            Life life = lives.get(workspace);
            if (life != null) {
                heads.put(workspace, head(life));
            }
        });
        return seen(heads);
    }

    @Override
    public Head open(WorkspaceId workspace) {
        checkReads();
        return seen(head(life(workspace)));
    }

    @Override
    public Optional<WorkspaceId> ownerOf(String epoch) {
        return lives.entrySet().stream()
                .filter(entry -> entry.getValue().epoch.equals(epoch))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public void dropBefore(WorkspaceId workspace, long offset) {
        life(workspace).events.removeIf(event -> event.offset() < offset);
    }

    @Override
    public void reset(WorkspaceId workspace) {
        lives.put(workspace, new Life(epoch()));
    }

    @Override
    public void newEpoch(WorkspaceId workspace) {
        life(workspace).epoch = epoch();
    }

    @Override
    public void breakReads(boolean now) {
        broken = now;
    }

    void duringNextRead(Runnable action) {
        duringNextRead = action;
    }

    private <T> T seen(T answer) {
        Runnable action = duringNextRead;
        duringNextRead = () -> {};
        action.run();
        return answer;
    }

    /** As when the database was restored from a backup that ended at {@code offset}, and nobody began a new epoch. */
    void restore(WorkspaceId workspace, long offset) {
        Life life = life(workspace);
        life.events.removeIf(event -> event.offset() > offset);
        life.head = offset;
        life.lastId = life.events.isEmpty() ? "" : life.events.getLast().id();
    }

    private Life life(WorkspaceId workspace) {
        return lives.computeIfAbsent(workspace, key -> new Life(epoch()));
    }

    private String epoch() {
        return "e" + ++epochs;
    }

    private void checkReads() {
        if (broken) {
            throw new EventLogException("broken by the test");
        }
    }

    private static Head head(Life life) {
        return new Head(Cursor.at(life.epoch, life.head, life.lastId), life.oldest());
    }

    private static Event inEpoch(Event event, String epoch) {
        Position position = new Position(epoch, event.offset(), event.position().at());
        return new Event(
                event.workspace(),
                position,
                event.id(),
                event.type(),
                event.audience(),
                event.topic(),
                event.conflationKey(),
                event.payload());
    }
}
