package io.heliograph.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Subject;
import io.heliograph.server.fixtures.Features;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trail by filters that no index serves, page by page. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class AuditSearchTest {
    private static final Pattern RECORDED = Pattern.compile("Subject\\.of\\(\\s*\"([a-z_]+)\"");
    private static final Actor RARE = Actor.of("member", "mem_rare", "Rare");
    private static final Actor COMMON = Actor.of("member", "mem_common", "Common");

    @TempDir
    Path folder;

    private Features features;
    private AuditTrail trail;

    @BeforeEach
    void open() {
        features = Features.open(folder);
        trail = features.part(AuditTrail.class);
    }

    @AfterEach
    void close() {
        features.close();
    }

    @Test
    void aPageEndsAfterItHasComparedItsShareAndTheNextOneGoesOnThere() {
        record(RARE, "first", 1);
        record(COMMON, "noise", AuditSearch.MAX_SCANNED + 5);
        record(RARE, "last", 1);
        AuditFilter rare = actor("mem_rare");

        AuditPage first = page(rare, Optional.empty(), 50);
        AuditPage second = page(rare, first.next(), 50);

        assertThat(actions(first)).containsExactly("last");
        assertThat(first.next()).isPresent();
        assertThat(actions(second)).containsExactly("first");
        assertThat(second.next()).isEmpty();
    }

    @Test
    void pagesOfAFilterHaveEachEntryOnce() {
        for (int round = 0; round < 20; round++) {
            record(RARE, "rare" + round % 3, 1);
            record(COMMON, "noise", 3);
        }
        AuditFilter filter = new AuditFilter(
                List.of("mem_rare"), List.of("rare0", "rare2"), Optional.empty(), Optional.empty(), Optional.empty());
        List<String> whole = ids(page(filter, Optional.empty(), 100));
        List<String> paged = new ArrayList<>();

        Optional<String> before = Optional.empty();
        do {
            AuditPage page = page(filter, before, 3);
            paged.addAll(ids(page));
            before = page.next();
        } while (before.isPresent());

        assertThat(whole).hasSize(13).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(paged).isEqualTo(whole);
    }

    @Test
    void entriesAboutOneThingAreFoundByItsIdAlone() {
        features.run(transaction -> {
            for (String type : AuditSearch.SUBJECT_TYPES) {
                trail.record(transaction, features.workspace, COMMON, type + ".x", Subject.of(type, "same"), Map.of());
                trail.record(transaction, features.workspace, COMMON, type + ".x", Subject.of(type, "other"), Map.of());
            }
            return true;
        });
        AuditFilter filter =
                new AuditFilter(List.of(), List.of(), Optional.of("same"), Optional.empty(), Optional.empty());

        AuditPage page = page(filter, Optional.empty(), 50);
        AuditPage part = page(filter, Optional.empty(), 3);

        assertThat(page.entries()).hasSize(AuditSearch.SUBJECT_TYPES.size());
        assertThat(page.next()).isEmpty();
        assertThat(ids(part)).isEqualTo(ids(page).subList(0, 3));
        assertThat(ids(page(filter, part.next(), 50)))
                .isEqualTo(ids(page).subList(3, page.entries().size()));
    }

    @Test
    void theBeginningOfATimeIsInItAndItsEndIsNot() {
        record(COMMON, "before", 1);
        features.clock.advance(Duration.ofMillis(10));
        Instant from = features.clock.instant().plusMillis(1);
        record(COMMON, "at", 1);
        features.clock.advance(Duration.ofMillis(10));
        Instant to = features.clock.instant().plusMillis(1);
        record(COMMON, "end", 1);

        assertThat(actions(page(between(from, to), Optional.empty(), 50))).containsExactly("at");
        assertThat(actions(page(between(from.plusNanos(1), to.plusNanos(1)), Optional.empty(), 50)))
                .containsExactly("end");
    }

    /** A type that is not in the list would not be found by its subject. */
    @Test
    void everyTypeOfSubjectThatIsRecordedIsSearched() throws IOException {
        Set<String> recorded = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher matcher = RECORDED.matcher(Files.readString(file));
                while (matcher.find()) {
                    recorded.add(matcher.group(1));
                }
            }
        }
        recorded.removeAll(Set.of("message", "notification")); // of events, and not of entries

        assertThat(AuditSearch.SUBJECT_TYPES).containsAll(recorded);
    }

    private static AuditFilter actor(String id) {
        return new AuditFilter(List.of(id), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static AuditFilter between(Instant from, Instant to) {
        return new AuditFilter(List.of(), List.of(), Optional.empty(), Optional.of(from), Optional.of(to));
    }

    /** Some at a time, because ids of one millisecond are in order up to 4,096 only. */
    private void record(Actor actor, String action, int times) {
        for (int done = 0; done < times; done += 1_000) {
            int some = Math.min(1_000, times - done);
            features.clock.advance(Duration.ofMillis(1));
            features.run(transaction -> {
                for (int time = 0; time < some; time++) {
                    trail.record(
                            transaction, features.workspace, actor, action, Subject.of("workspace", "ws"), Map.of());
                }
                return true;
            });
        }
    }

    private AuditPage page(AuditFilter filter, Optional<String> before, int limit) {
        return features.part(EventLog.class)
                .read(features.workspace, snapshot -> trail.page(snapshot, features.workspace, filter, before, limit));
    }

    private static List<String> actions(AuditPage page) {
        return page.entries().stream().map(AuditEntry::action).toList();
    }

    private static List<String> ids(AuditPage page) {
        return page.entries().stream().map(AuditEntry::id).toList();
    }
}
