package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.OTHER;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link SqlEventLog} promises, whatever database is below it. */
abstract class EventLogContract {
    private static final Retention KEEP_ALL = new Retention(Duration.ofDays(1), 1_000, 500);
    private static final Head NONE = new Head(Cursor.beforeFirst("none"), 0);

    final LocalBus bus = new LocalBus();
    final List<Hint> hints = new ArrayList<>();
    SqlEventLog log;
    DataSource source;

    /** An empty, migrated database. */
    abstract DataSource writers();

    abstract SqlEventLog.Builder builder();

    @BeforeEach
    final void openLog() {
        source = writers();
        Sql.update(source, "create table thing (id varchar(64) not null primary key, value bigint not null)");
        bus.subscribe(new Bus.Listener() {
            @Override
            public void hint(Hint hint) {
                synchronized (hints) {
                    hints.add(hint);
                }
            }

            @Override
            public void signal(Signal signal) {}

            @Override
            public void reconnected() {}
        });
        log = builder().bus(bus).build();
    }

    @AfterEach
    final void closeLog() {
        log.close();
    }

    @Test
    void eventsGetContiguousOffsetsFromOne() {
        append(ACME, "evt_aaaaaa", "evt_bbbbbb");
        append(ACME, "evt_cccccc");

        List<Event> events = log.after(ACME, 0, 10);

        assertThat(events).extracting(Samples::text).containsExactly("evt_aaaaaa@1", "evt_bbbbbb@2", "evt_cccccc@3");
        assertThat(log.after(ACME, 1, 1)).extracting(Event::id).containsExactly("evt_bbbbbb");
        assertThat(log.after(ACME, 3, 10)).isEmpty();
    }

    @Test
    void anEventComesBackAsItWasAppended() {
        Draft draft = new Draft(
                "evt_1",
                "notification:new",
                Audience.member("mem_7"),
                Optional.of("agents/\uD83D\uDE00".concat("9".repeat(192))),
                Optional.of("state"),
                position -> Payload.of(new byte[] {0, -1, 10}));
        log.write(ACME, transaction -> {
            transaction.append(draft);
            return 0;
        });

        Event event = log.after(ACME, 0, 1).getFirst();

        assertThat(event.workspace()).isEqualTo(ACME);
        assertThat(event.id()).isEqualTo("evt_1");
        assertThat(event.type()).isEqualTo("notification:new");
        assertThat(event.audience()).isEqualTo(Audience.member("mem_7"));
        assertThat(event.topic()).isEqualTo(draft.topic());
        assertThat(event.conflationKey())
                .contains(ConflationKey.of(draft.type(), draft.topic(), draft.audience(), "state"));
        assertThat(event.payload().bytes()).containsExactly(0, -1, 10);
    }

    @Test
    void appendTellsTheCursorThatTheEventGets() {
        append(ACME, "evt_before");
        List<Cursor> told = log.write(
                ACME,
                transaction ->
                        List.of(transaction.append(draft("evt_aaaaaa")), transaction.append(draft("evt_bbbbbb"))));

        assertThat(log.after(ACME, 1, 10)).extracting(Event::cursor).containsExactlyElementsOf(told);
    }

    @Test
    void commandsThatShareATransactionAreToldTheCursorsOfTheirOwnEvents() throws Exception {
        Map<String, Cursor> told = new ConcurrentHashMap<>();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String id = "evt_" + Samples.nextId();
            boolean fails = i % 5 == 0;
            writers.add(Thread.ofVirtual().start(() -> {
                try {
                    told.put(id, log.write(ACME, transaction -> {
                        Cursor cursor = transaction.append(draft(id));
                        if (fails) {
                            throw new IllegalStateException("rejected by the test");
                        }
                        return cursor;
                    }));
                } catch (IllegalStateException expected) {
                    // Rolled back alone: the others keep their offsets contiguous.
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(told).hasSize(32);
        assertThat(log.after(ACME, 0, 100))
                .hasSize(32)
                .allSatisfy(event -> assertThat(told).containsEntry(event.id(), event.cursor()));
    }

    @Test
    void successorsAreTheNextEventsWithTheSameKey() {
        for (String key : List.of("a", "b", "a", "", "a", "b")) {
            log.write(
                    ACME,
                    transaction -> transaction.append(new Draft(
                            "evt_" + Samples.nextId(),
                            "order:moved",
                            Audience.EVERYONE,
                            Optional.of("orders/1"),
                            Optional.of(key).filter(text -> !text.isEmpty()),
                            position -> Payload.of(new byte[] {1}))));
        }

        assertThat(log.successors(ACME, 1, 6)).isEqualTo(Map.of(1L, 3L, 3L, 5L, 2L, 6L));
        assertThat(log.successors(ACME, 2, 2)).isEqualTo(Map.of(2L, 6L));
        assertThat(log.successors(new WorkspaceId("ws_other"), 1, 6)).isEmpty();
    }

    @Test
    void eventsWithOneTemplateComeBackAsTheyWereAppended() {
        EnvelopeTemplate shared = told("\u2713 Refund order 9? ".repeat(30));
        log.write(ACME, transaction -> {
            transaction.append(draft("evt_first"));
            for (int member = 1; member <= 500; member++) {
                transaction.append(toldTo(member, shared));
            }
            transaction.append(draft("evt_last"));
            return 0;
        });

        List<Event> all = log.after(ACME, 0, 1_000);
        assertThat(all).hasSize(502);
        for (int member = 1; member <= 500; member++) {
            Event event = all.get(member);
            assertThat(event.audience()).isEqualTo(Audience.member("mem_" + member));
            assertThat(Samples.text(event))
                    .isEqualTo(envelope("\u2713 Refund order 9? ".repeat(30), member, member + 1));
        }
        assertThat(log.after(ACME, 400, 1)).extracting(Samples::text).containsExactly(Samples.text(all.get(400)));
        assertThat(storedRows("log_shared")).isEqualTo(1);
        assertThat(storedBytes("log_event")).isLessThan(500 * 12);
    }

    @Test
    void theEnvelopesOfATemplateAreNotComposedUntilTheyAreRead() {
        EnvelopeTemplate shared = told("Refund order 9?");
        log.write(ACME, transaction -> {
            for (int member = 1; member <= 500; member++) {
                transaction.append(toldTo(member, shared));
            }
            return 0;
        });
        List<Event> written =
                hints.stream().flatMap(hint -> hint.events().stream()).toList();
        List<Event> read = log.after(ACME, 0, 500);

        for (List<Event> events : List.of(written, read)) {
            assertThat(events).hasSize(500).noneMatch(event -> event.payload().isComposed());
            assertThat(Samples.text(events.get(6))).isEqualTo(envelope("Refund order 9?", 7, 7));
            assertThat(events.stream().filter(event -> event.payload().isComposed()))
                    .containsExactly(events.get(6));
        }
    }

    @Test
    void eventsOfSeveralTemplatesMayAlternateInATransaction() {
        List<EnvelopeTemplate> templates = List.of(told("one"), told("two"), told("three"));
        List<String> appended = new ArrayList<>();
        log.write(ACME, transaction -> {
            for (int member = 1; member <= 30; member++) {
                if (member % 10 == 0) {
                    transaction.append(draft("evt_" + member));
                    appended.add("evt_" + member + "@" + member);
                } else {
                    transaction.append(toldTo(member, templates.get(member % 3)));
                    appended.add(envelope(List.of("one", "two", "three").get(member % 3), member, member));
                }
            }
            return 0;
        });

        assertThat(log.after(ACME, 0, 100)).extracting(Samples::text).isEqualTo(appended);
        assertThat(storedRows("log_shared")).isEqualTo(3);
        log.retain(ACME, new Retention(Duration.ofDays(1), 3, 500));
        assertThat(log.after(ACME, 0, 100)).extracting(Samples::text).isEqualTo(appended.subList(27, 30));
        // The last event of each template is at 27, 28 or 29.
        assertThat(storedRows("log_shared")).isEqualTo(2);
    }

    @Test
    void anEventAloneWithItsTemplateIsStoredAsItsEnvelope() {
        log.write(ACME, transaction -> {
            transaction.append(toldTo(1, told("alone")));
            return 0;
        });

        assertThat(log.after(ACME, 0, 10)).extracting(Samples::text).containsExactly(envelope("alone", 1, 1));
        assertThat(storedRows("log_shared")).isZero();
    }

    @Test
    void aTemplateIsThereUntilTheLastOfItsEventsIsRemoved() {
        EnvelopeTemplate shared = told("Refund order 9?");
        log.write(ACME, transaction -> {
            for (int member = 1; member <= 10; member++) {
                transaction.append(toldTo(member, shared));
            }
            return 0;
        });

        log.retain(ACME, new Retention(Duration.ofDays(1), 4, 500));

        assertThat(log.after(ACME, 0, 10))
                .extracting(Samples::text)
                .containsExactly(
                        envelope("Refund order 9?", 7, 7),
                        envelope("Refund order 9?", 8, 8),
                        envelope("Refund order 9?", 9, 9),
                        envelope("Refund order 9?", 10, 10));
        assertThat(storedRows("log_shared")).isEqualTo(1);
        log.retain(ACME, new Retention(Duration.ofDays(1), 0, 500));
        assertThat(storedRows("log_shared")).isZero();
    }

    @Test
    void aPageEndsByTheBytesOfItsEnvelopesAndNotOfWhatIsStored() {
        EnvelopeTemplate shared = told("x".repeat(100_000));
        log.write(ACME, transaction -> {
            for (int member = 1; member <= 100; member++) {
                transaction.append(toldTo(member, shared));
            }
            return 0;
        });
        int eachBytes = envelope("x".repeat(100_000), 1, 1).length();
        int fit = Math.ceilDiv(LogSettings.defaults().pageBytes(), eachBytes);

        assertThat(log.after(ACME, 0, 100).size()).isBetween(fit, fit + 1).isLessThan(100);
    }

    @Test
    void eventsThatAnEarlierVersionStoredAreRead() {
        append(ACME, "evt_1", "evt_2");
        byte[] first = "{\"id\":\"evt_1\",\"title\":\"Refund order 9?\"}".getBytes(StandardCharsets.UTF_8);
        byte[] second = "{\"id\":\"evt_2\",\"title\":\"Refund order 9?\"}".getBytes(StandardCharsets.UTF_8);
        log.write(ACME, transaction -> {
            shareByHand(transaction.connection(), 2, first);
            setPayload(transaction.connection(), 1, SharedPayloadTest.deflated(first, first));
            return setPayload(transaction.connection(), 2, SharedPayloadTest.deflated(second, first));
        });

        assertThat(log.after(ACME, 0, 10))
                .extracting(event -> event.payload().bytes())
                .containsExactly(first, second);
    }

    @Test
    void valuesThatDoNotFitTheirTemplateAreAnError() {
        append(ACME, "evt_1");
        log.write(ACME, transaction -> {
            shareByHand(transaction.connection(), 1, told("title").text());
            return setPayload(transaction.connection(), 1, new byte[] {'1', 0, '2'});
        });

        assertThatThrownBy(() -> log.after(ACME, 0, 10))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("event evt_1 at offset 1 do not fit the template");
    }

    @Test
    void aTemplateThatIsMissingIsAnError() {
        append(ACME, "evt_1");
        log.write(ACME, transaction -> Sql.update(transaction.connection(), "update log_event set shared = 1"));

        assertThatThrownBy(() -> log.after(ACME, 0, 10))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("event evt_1 at offset 1");
    }

    private static void shareByHand(Connection connection, long lastOffset, byte[] payload) {
        Sql.update(
                connection,
                "insert into log_shared (workspace, life, last_offset, payload)"
                        + " select workspace, life, cast(? as bigint), ? from log_head",
                lastOffset,
                payload);
        Sql.update(connection, "update log_event set shared = ?", lastOffset);
    }

    private static int setPayload(Connection connection, long offset, byte[] payload) {
        return Sql.update(connection, "update log_event set payload = ? where log_offset = ?", payload, offset);
    }

    private static EnvelopeTemplate told(String title) {
        return PayloadTest.template(
                "{\"id\":\"\u0001\",\"offset\":\u0002,\"title\":\"" + title + "\",\"member\":\u0003}");
    }

    private static Draft toldTo(int member, EnvelopeTemplate shared) {
        String id = "evt_" + member;
        return new Draft(
                id,
                "notification:new",
                Audience.member("mem_" + member),
                Optional.empty(),
                position -> Payload.of(shared, id, position.offset(), List.of(Integer.toString(member))));
    }

    private static String envelope(String title, int member, long offset) {
        return "{\"id\":\"evt_" + member + "\",\"offset\":" + offset + ",\"title\":\"" + title + "\",\"member\":"
                + member + "}";
    }

    private long storedRows(String table) {
        return log.read(ACME, snapshot -> Sql.number(snapshot.connection(), "select count(*) from " + table));
    }

    private long storedBytes(String table) {
        return log.read(
                ACME,
                snapshot -> Sql.number(
                        snapshot.connection(), "select coalesce(sum(octet_length(payload)), 0) from " + table));
    }

    @Test
    void workspacesHaveLogsAndEpochsOfTheirOwn() {
        append(ACME, "evt_1", "evt_2");
        append(OTHER, "evt_3");

        Map<WorkspaceId, Head> heads = log.heads(List.of(ACME, OTHER, new WorkspaceId("ws_none")));

        assertThat(heads).containsOnlyKeys(ACME, OTHER);
        Head acme = heads.getOrDefault(ACME, NONE);
        Head other = heads.getOrDefault(OTHER, NONE);
        assertThat(acme.cursor().offset()).isEqualTo(2);
        assertThat(other.cursor().offset()).isEqualTo(1);
        assertThat(acme.cursor().epoch())
                .matches("[0-9a-z]{10}")
                .isNotEqualTo(other.cursor().epoch());
        assertThat(log.ownerOf(other.cursor().epoch())).contains(OTHER);
        assertThat(log.ownerOf("nobody")).isEmpty();
    }

    @Test
    void aNewLogIsOpenedAtOffsetZero() {
        Head head = log.open(ACME);

        assertThat(head.cursor().offset()).isZero();
        assertThat(head.oldestOffset()).isEqualTo(1);
        assertThat(log.open(ACME)).isEqualTo(head);
        assertThat(Cursor.parse(head.cursor().toString())).contains(head.cursor());
    }

    @Test
    void aFailedCommandLeavesNothing() {
        assertThatThrownBy(() -> log.write(ACME, transaction -> {
                    put(transaction, "a", 1);
                    transaction.append(draft("evt_1"));
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no");

        append(ACME, "evt_2");

        assertThat(log.after(ACME, 0, 10)).extracting(Event::id).containsExactly("evt_2");
        assertThat(things()).isEmpty();
    }

    @Test
    void anErrorInACommandReachesItsCallerAndTheLogGoesOn() {
        assertThatThrownBy(() -> log.write(ACME, transaction -> {
                    transaction.append(draft("evt_1"));
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);

        append(ACME, "evt_2");

        assertThat(log.after(ACME, 0, 10)).extracting(Samples::text).containsExactly("evt_2@1");
    }

    @Test
    void aViolatedConstraintReachesTheCallerAsItWasThrown() {
        log.write(ACME, transaction -> put(transaction, "a", 1));

        assertThatThrownBy(() -> log.write(ACME, transaction -> put(transaction, "a", 2)))
                .isInstanceOf(Sql.Failed.class);
    }

    @Test
    void brokenSqlIsAnEventLogException() {
        assertThatThrownBy(() ->
                        log.read(ACME, snapshot -> Sql.number(snapshot.connection(), "select nothing from nowhere")))
                .isInstanceOf(EventLogException.class);
    }

    @Test
    void aReadIsOneSnapshotWithItsCursor() {
        append(ACME, "evt_1");

        long seen = log.read(ACME, snapshot -> {
            append(ACME, "evt_2");
            put(ACME, "late", 1);
            assertThat(snapshot.asOf().offset()).isEqualTo(1);
            return Sql.number(snapshot.connection(), "select count(*) from thing");
        });

        assertThat(seen).isZero();
        assertThat(log.<Long>read(ACME, snapshot -> snapshot.asOf().offset())).isEqualTo(2);
    }

    @Test
    void aReadOfAWorkspaceWithoutALogHasACursorToo() {
        Cursor asOf = log.read(ACME, Snapshot::asOf);

        assertThat(asOf).isEqualTo(log.open(ACME).cursor());
    }

    @Test
    void hintsCarryTheEventsOfACommit() {
        append(ACME, "evt_1", "evt_2");

        assertThat(hints).hasSize(1);
        assertThat(hints.getFirst().head()).isEqualTo(log.open(ACME).cursor());
        assertThat(hints.getFirst().events()).extracting(Event::offset).containsExactly(1L, 2L);
    }

    @Test
    void actionsAfterTheCommitSeeItDurable() {
        AtomicInteger heads = new AtomicInteger();

        log.write(ACME, transaction -> {
            transaction.append(draft("evt_1"));
            transaction.afterCommit(() -> heads.set(log.after(ACME, 0, 10).size()));
            return 0;
        });

        assertThat(heads).hasValue(1);
    }

    @Test
    void aCommandMustNotWriteThroughTheLog() {
        assertThatThrownBy(() -> log.write(ACME, transaction -> log.write(ACME, inner -> 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must not call");
    }

    @Test
    void waitingCommandsShareATransactionAndFailAlone() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        LogSettings patient = LogSettings.builder()
                .waitingPerWorkspace(100)
                .waitingInAll(100)
                .batchCommands(100)
                .batchTime(Duration.ofMinutes(1))
                .parallelBatches(1)
                .attempts(1)
                .hintBytes(1_000)
                .pageBytes(1_000)
                .build();
        SqlEventLog shared = builder()
                .settings(patient)
                .metrics(new LogMetrics() {
                    @Override
                    public void committed(int commands, int events, long nanos) {
                        commits.incrementAndGet();
                    }
                })
                .build();
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        try (Callers callers = new Callers()) {
            Future<?> first = callers.submit(() -> shared.write(ACME, transaction -> {
                held.countDown();
                await(hold);
                return 0;
            }));
            held.await();
            List<Future<Integer>> rest = IntStream.range(0, 20)
                    .mapToObj(i -> callers.submit(() -> shared.write(ACME, transaction -> {
                        put(transaction, "t" + i, i);
                        transaction.append(draft("evt_" + i));
                        if (i % 5 == 3) {
                            throw new IllegalStateException("no " + i);
                        }
                        return i;
                    })))
                    .toList();
            org.awaitility.Awaitility.await().until(() -> shared.waiting() == 20);
            hold.countDown();
            first.get();
            for (int i = 0; i < 20; i++) {
                Future<Integer> outcome = rest.get(i);
                if (i % 5 == 3) {
                    assertThatThrownBy(outcome::get).hasRootCauseMessage("no " + i);
                } else {
                    assertThat(outcome.get()).isEqualTo(i);
                }
            }
        } finally {
            shared.close();
        }

        assertThat(commits).hasValue(1);
        assertThat(things()).hasSize(16);
        assertThat(log.after(ACME, 0, 100))
                .extracting(Event::offset)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 16).boxed().toList());
    }

    @Test
    void anEnvelopeThatCannotBeEncodedFailsItsCommandOnly() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        Draft broken = new Draft("evt_broken", "x", Audience.EVERYONE, Optional.empty(), position -> {
            throw new IllegalArgumentException("cannot encode");
        });
        try (Callers callers = new Callers()) {
            Future<?> first = callers.submit(() -> log.write(ACME, transaction -> {
                held.countDown();
                await(hold);
                return 0;
            }));
            held.await();
            Future<Integer> good = callers.submit(() -> log.write(ACME, transaction -> {
                transaction.append(draft("evt_good"));
                return 1;
            }));
            Future<Integer> bad = callers.submit(() -> log.write(ACME, transaction -> {
                put(transaction, "bad", 1);
                transaction.append(broken);
                return 1;
            }));
            org.awaitility.Awaitility.await().until(() -> log.waiting() == 2);
            hold.countDown();
            first.get();
            assertThat(good.get()).isEqualTo(1);
            assertThatThrownBy(bad::get).hasRootCauseMessage("cannot encode");
        }

        assertThat(log.after(ACME, 0, 10)).extracting(Event::id).containsExactly("evt_good");
        assertThat(things()).isEmpty();
    }

    @Test
    void manyWritersLeaveALogWithoutHolesAndLoseNoUpdate() throws Exception {
        int writers = 16;
        int each = 25;
        put(ACME, "counter", 0);
        CyclicBarrier together = new CyclicBarrier(writers);
        try (Callers callers = new Callers()) {
            List<? extends Future<?>> all = IntStream.range(0, writers)
                    .mapToObj(writer -> callers.submit(() -> {
                        together.await();
                        for (int i = 0; i < each; i++) {
                            String id = "evt_" + writer + "x" + i;
                            log.write(writer % 2 == 0 ? ACME : OTHER, transaction -> {
                                transaction.append(draft(id));
                                return Sql.update(
                                        transaction.connection(),
                                        "update thing set value = value + 1 where id = 'counter'");
                            });
                        }
                        return 0;
                    }))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        }

        for (WorkspaceId workspace : List.of(ACME, OTHER)) {
            List<Event> events = log.after(workspace, 0, 1_000);
            assertThat(events)
                    .extracting(Event::offset)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, (long) writers / 2 * each)
                            .boxed()
                            .toList());
            assertThat(events).extracting(Event::id).doesNotHaveDuplicates();
            assertThat(events.stream().map(event -> event.position().at()).toList())
                    .isSorted();
        }
        assertThat(things()).containsExactly("counter=" + writers * each);
    }

    @Test
    void aFullQueueRefusesAtOnce() throws Exception {
        LogSettings small = LogSettings.builder()
                .waitingPerWorkspace(2)
                .waitingInAll(3)
                .batchCommands(1)
                .batchTime(LogSettings.defaults().batchTime())
                .parallelBatches(1)
                .attempts(1)
                .hintBytes(1_000)
                .pageBytes(1_000)
                .build();
        SqlEventLog bounded = builder().settings(small).build();
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        try (Callers callers = new Callers()) {
            callers.start(() -> bounded.write(ACME, transaction -> {
                held.countDown();
                await(hold);
                return 0;
            }));
            held.await();
            callers.start(() -> bounded.write(ACME, transaction -> 0));
            callers.start(() -> bounded.write(ACME, transaction -> 0));
            org.awaitility.Awaitility.await().until(() -> bounded.waiting() == 2);
            assertThatThrownBy(() -> bounded.write(ACME, transaction -> 0))
                    .isInstanceOf(Overloaded.class)
                    .hasMessageContaining("ws_acme has 2 commands waiting");
            callers.start(() -> bounded.write(OTHER, transaction -> 0));
            org.awaitility.Awaitility.await().until(() -> bounded.waiting() == 3);
            assertThatThrownBy(() -> bounded.write(new WorkspaceId("ws_third"), transaction -> 0))
                    .isInstanceOf(Overloaded.class)
                    .hasMessageContaining("3 commands wait");
            hold.countDown();
        } finally {
            bounded.close();
        }
    }

    @Test
    void anInterruptedCallerTakesItsCommandBack() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        AtomicBoolean ran = new AtomicBoolean();
        try (Callers callers = new Callers()) {
            callers.start(() -> log.write(ACME, transaction -> {
                held.countDown();
                await(hold);
                return 0;
            }));
            held.await();
            Future<?> second = callers.submit(() -> log.write(ACME, transaction -> {
                ran.set(true);
                return 0;
            }));
            org.awaitility.Awaitility.await().until(() -> log.waiting() == 1);

            second.cancel(true);

            org.awaitility.Awaitility.await().until(() -> log.waiting() == 0);
            hold.countDown();
        }
        log.write(ACME, transaction -> 0);
        assertThat(ran).isFalse();
    }

    @Test
    void aClosedLogRefuses() {
        log.close();

        assertThatThrownBy(() -> log.write(ACME, transaction -> 0))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aResetLogBeginsAgainUnderANewEpoch() {
        append(ACME, "evt_1", "evt_2");
        Cursor before = log.open(ACME).cursor();

        Head fresh = log.reset(ACME);
        append(ACME, "evt_3");

        assertThat(fresh.cursor().offset()).isZero();
        assertThat(fresh.cursor().epoch()).isNotEqualTo(before.epoch());
        assertThat(log.after(ACME, 0, 10)).extracting(Samples::text).containsExactly("evt_3@1");
        assertThat(hints.get(1).head()).isEqualTo(fresh.cursor());
        assertThat(log.retain(KEEP_ALL)).isEqualTo(2);
        assertThat(log.after(ACME, 0, 10)).hasSize(1);
    }

    @Test
    void aNewEpochKeepsEventsAndOffsets() {
        append(ACME, "evt_1", "evt_2");
        append(OTHER, "evt_3");
        Cursor before = log.open(ACME).cursor();

        log.newEpochs();

        Cursor now = log.open(ACME).cursor();
        assertThat(now.epoch()).isNotEqualTo(before.epoch());
        assertThat(now.offset()).isEqualTo(2);
        assertThat(log.after(ACME, 0, 10))
                .extracting(event -> event.position().epoch())
                .containsExactly(now.epoch(), now.epoch());
    }

    @Test
    void aLogThatIsResetAfterRetentionIsAsNew() {
        append(ACME, "evt_1", "evt_2", "evt_3");
        log.retain(ACME, new Retention(Duration.ofDays(1), 1, 10));

        Head fresh = log.reset(ACME);

        assertThat(fresh).isEqualTo(new Head(Cursor.beforeFirst(fresh.cursor().epoch()), 1));
        assertThat(log.open(ACME)).isEqualTo(fresh);
    }

    @Test
    void aNewEpochIsAnnounced() {
        append(ACME, "evt_1");

        Head head = log.newEpoch(ACME);

        assertThat(hints.getLast()).isEqualTo(new Hint(ACME, head.cursor(), List.of()));
    }

    @Test
    void headsAndRetentionReachAnyNumberOfWorkspaces() {
        List<WorkspaceId> workspaces = IntStream.range(0, 501)
                .mapToObj(i -> new WorkspaceId("ws_" + (1_000 + i)))
                .toList();
        workspaces.forEach(workspace -> append(workspace, "evt_1", "evt_2"));

        assertThat(log.heads(workspaces)).containsOnlyKeys(workspaces);
        assertThat(log.retain(new Retention(Duration.ofDays(1), 1, 10))).isEqualTo(501);
    }

    @Test
    void aReadLeavesNoTransactionOpen() {
        append(ACME, "evt_1");

        for (int i = 0; i < 20; i++) {
            append(ACME, "evt_x" + i);
            assertThat(log.<Long>read(ACME, snapshot -> snapshot.asOf().offset()))
                    .isEqualTo(i + 2);
        }
    }

    @Test
    void aCallerInterruptedWhileItsCommandRunsGetsTheOutcomeAndStaysInterrupted() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (Callers callers = new Callers()) {
            Future<Boolean> caller = callers.submit(() -> {
                thread.set(Thread.currentThread());
                int outcome = log.write(ACME, transaction -> {
                    held.countDown();
                    await(hold);
                    return 7;
                });
                return outcome == 7 && Thread.currentThread().isInterrupted();
            });
            held.await();
            Objects.requireNonNull(thread.get()).interrupt();
            hold.countDown();

            assertThat(caller.get()).isTrue();
        }
    }

    @Test
    void retentionKeepsTheNewest() {
        for (int i = 0; i < 25; i++) {
            append(ACME, "evt_" + i);
        }
        append(OTHER, "evt_other");

        int removed = log.retain(new Retention(Duration.ofDays(1), 10, 4));

        assertThat(removed).isEqualTo(15);
        assertThat(log.open(ACME).oldestOffset()).isEqualTo(16);
        assertThat(log.open(ACME).cursor().offset()).isEqualTo(25);
        assertThat(log.after(ACME, 0, 100)).hasSize(10);
        assertThat(log.after(OTHER, 0, 100)).hasSize(1);
    }

    @Test
    void retentionMayKeepNothingAndTheCursorStaysWhole() {
        append(ACME, "evt_1", "evt_2");
        Cursor before = log.open(ACME).cursor();

        log.retain(new Retention(Duration.ofDays(1), 0, 500));

        assertThat(log.open(ACME)).isEqualTo(new Head(before, 3));
        append(ACME, "evt_3");
        assertThat(log.after(ACME, 0, 10)).extracting(Event::offset).containsExactly(3L);
    }

    @Test
    void retentionAndWritersDoNotDisturbOneAnother() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Retention few = new Retention(Duration.ofDays(1), 5, 3);
        try (Callers callers = new Callers()) {
            Future<?> sweeper = callers.submit(() -> {
                while (!done.get()) {
                    log.retain(few);
                }
                return 0;
            });
            Future<?> reader = callers.submit(() -> {
                while (!done.get()) {
                    List<Event> events = log.after(ACME, 0, 100);
                    for (int i = 1; i < events.size(); i++) {
                        assertThat(events.get(i).offset())
                                .isEqualTo(events.get(i - 1).offset() + 1);
                    }
                }
                return 0;
            });
            for (int i = 0; i < 200; i++) {
                append(ACME, "evt_" + i);
            }
            done.set(true);
            sweeper.get();
            reader.get();
        }
        log.retain(few);

        assertThat(log.after(ACME, 0, 100)).extracting(Event::offset).containsExactly(196L, 197L, 198L, 199L, 200L);
        assertThat(log.open(ACME).oldestOffset()).isEqualTo(196);
    }

    @Test
    void aFloodInOneWorkspaceDelaysAnotherByOneBatch() throws Exception {
        LogSettings oneWorker = LogSettings.builder()
                .waitingPerWorkspace(1_024)
                .waitingInAll(8_192)
                .batchCommands(8)
                .batchTime(Duration.ofSeconds(10))
                .parallelBatches(1)
                .attempts(1)
                .hintBytes(1_000)
                .pageBytes(1_000)
                .build();
        List<String> order = new ArrayList<>();
        SqlEventLog fair = builder().settings(oneWorker).build();
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        try (Callers callers = new Callers()) {
            callers.start(() -> fair.write(new WorkspaceId("ws_third"), transaction -> {
                held.countDown();
                await(hold);
                return 0;
            }));
            held.await();
            for (int i = 0; i < 100; i++) {
                callers.start(() -> fair.write(ACME, transaction -> order.add("flood")));
            }
            org.awaitility.Awaitility.await().until(() -> fair.waiting() == 100);
            callers.start(() -> fair.write(OTHER, transaction -> order.add("other")));
            org.awaitility.Awaitility.await().until(() -> fair.waiting() == 101);
            hold.countDown();
        } finally {
            fair.close();
        }

        assertThat(order).hasSize(101);
        assertThat(order.indexOf("other")).isEqualTo(8);
    }

    @Test
    void twoNodesOnOneDatabaseMakeOneLog() throws Exception {
        try (SqlEventLog node2 = builder().build();
                Callers callers = new Callers()) {
            for (SqlEventLog node : List.of(log, node2)) {
                for (int i = 0; i < 50; i++) {
                    String id = "evt_" + Samples.nextId();
                    callers.start(() -> node.write(ACME, transaction -> {
                        transaction.append(draft(id));
                        return 0;
                    }));
                }
            }
        }

        List<Event> events = log.after(ACME, 0, 1_000);
        assertThat(events)
                .extracting(Event::offset)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 100).boxed().toList());
        assertThat(events.stream().map(event -> event.position().at()).toList()).isSorted();
    }

    @Test
    void aLargeEventIsAnnouncedButNotCarried() {
        SqlEventLog small = builder()
                .bus(bus)
                .settings(LogSettings.builder()
                        .waitingPerWorkspace(10)
                        .waitingInAll(10)
                        .batchCommands(10)
                        .batchTime(Duration.ofSeconds(1))
                        .parallelBatches(1)
                        .attempts(1)
                        .hintBytes(30)
                        .pageBytes(20)
                        .build())
                .build();
        small.write(ACME, transaction -> {
            for (String id : List.of("evt_1", "evt_2", "evt_3", "evt_much_longer_than_thirty_bytes", "evt_5")) {
                transaction.append(draft(id));
            }
            return 0;
        });

        assertThat(hints.stream()
                        .map(hint -> hint.head().offset() + ":" + hint.events().size()))
                .containsExactly("3:3", "4:0", "5:1");
        assertThat(small.after(ACME, 0, 10)).as("pages are bounded in bytes").hasSize(3);
        small.close();
    }

    final void append(WorkspaceId workspace, String... ids) {
        log.write(workspace, transaction -> {
            for (String id : ids) {
                transaction.append(draft(id));
            }
            return 0;
        });
    }

    final int put(WorkspaceId workspace, String id, long value) {
        return log.write(workspace, transaction -> put(transaction, id, value));
    }

    static int put(Transaction transaction, String id, long value) {
        return Sql.update(transaction.connection(), "insert into thing (id, value) values (?, ?)", id, value);
    }

    final List<String> things() {
        return log.read(
                ACME,
                snapshot -> Sql.query(
                        snapshot.connection(),
                        "select id, value from thing order by id",
                        row -> row.getString(1) + "=" + row.getLong(2)));
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
