package io.heliograph.server.approvals;

import com.networknt.schema.ValidationLimitExceededException;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Validates schemas and args on a few dedicated threads, each run with a time limit, so that no validation takes time
 * from event loops or from the threads of other requests. One caller uses at most all but one of the threads.
 *
 * <p>Safe from any thread; a call blocks until its run has ended.
 */
public final class SchemaChecks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaChecks.class);

    /** How long a caller waits for a thread before the server answers {@code overloaded}. */
    private static final long MAX_QUEUED_SECONDS = 5;

    /** Enough stack for the deepest nesting that the rules allow. */
    private static final long STACK_BYTES = 8 << 20;

    private static final String LATE = "none began within " + MAX_QUEUED_SECONDS + " s";

    private final ApprovalSettings settings;
    private final ThreadPoolExecutor threads;
    private final ConcurrencyLimiter queue;
    /** By caller, with how many requests use it; a caller without a request has no entry. */
    private final ConcurrentHashMap<String, Lane> lanes = new ConcurrentHashMap<>();

    private final Counter timeouts;

    /** A caller's part of the threads. {@code users} is only touched inside compute on the caller's key. */
    private static final class Lane {
        final Semaphore threads;
        int users;

        Lane(int threads) {
            this.threads = new Semaphore(threads, true);
        }
    }

    SchemaChecks(ApprovalSettings settings, MeterRegistry registry) {
        this.settings = settings;
        threads = new ThreadPoolExecutor(
                settings.validationThreads(),
                settings.validationThreads(),
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(settings.maxValidations()),
                Thread.ofPlatform()
                        .daemon()
                        .stackSize(STACK_BYTES)
                        .name("schema-", 0)
                        .factory());
        threads.allowCoreThreadTimeOut(true);
        ConcurrencyLimiter.Limit all = limit(settings.maxValidations(), registry);
        // The remaining threads are for other callers.
        ConcurrencyLimiter.Limit half = limit(Math.max(1, settings.maxValidations() / 2), registry);
        queue = new ConcurrencyLimiter(all, all, half);
        timeouts = registry.counter("heliograph.approvals.validations.timeouts");
        Gauge.builder("heliograph.approvals.validations", queue, ConcurrencyLimiter::taken)
                .description("Validations of args and of their schemas that run or wait")
                .register(registry);
    }

    private static ConcurrencyLimiter.Limit limit(int max, MeterRegistry registry) {
        return ConcurrencyLimiter.Limit.of("heliograph.approvals.max-validations", max, registry);
    }

    /** What is wrong with a schema itself; empty when it can be used. */
    public Optional<String> schemaFault(Caller caller, JsonNode schema) {
        return run(caller, () -> ArgsSchema.fault(schema));
    }

    /** How the args break a schema; empty when they fit. */
    Optional<String> argsFault(Caller caller, JsonNode schema, JsonNode args) {
        return run(caller, () -> ArgsSchema.fault(schema, args));
    }

    /** A value that is to fit a schema. */
    public record Check(JsonNode schema, JsonNode value) {}

    /** How the value of the check at {@code index} breaks its schema. */
    public record Fault(int index, String text) {}

    /** The first value that does not fit its schema, found in one run. */
    public Optional<Fault> firstFault(Caller caller, List<Check> checks) {
        AtomicInteger at = new AtomicInteger();
        Optional<String> fault = run(caller, () -> {
            for (int index = 0; index < checks.size(); index++) {
                at.set(index);
                Optional<String> found = ArgsSchema.fault(checks.get(index).schema, checks.get(index).value);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        });
        return fault.map(text -> new Fault(at.get(), text));
    }

    /** Waits for a free thread, and then for the fault that {@code check} finds. */
    Optional<String> run(Caller caller, Supplier<Optional<String>> check) {
        try (ConcurrencyLimiter.Permit _ = take(caller)) {
            return inLane(caller, check);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the request was ended while it waited for its validation");
        }
    }

    private ConcurrencyLimiter.Permit take(Caller caller) {
        return switch (queue.take(caller)) {
            case ConcurrencyLimiter.Result.Taken(ConcurrencyLimiter.Permit permit) -> permit;
            case ConcurrencyLimiter.Result.Full(ConcurrencyLimiter.Limit limit) -> throw overloaded(limit.toString());
        };
    }

    private Optional<String> inLane(Caller caller, Supplier<Optional<String>> check) throws InterruptedException {
        String key = caller.workspace().value() + ":" + caller.id();
        Lane lane = lanes.compute(key, (_, present) -> {
            Lane own = present == null ? new Lane(Math.max(1, settings.validationThreads() - 1)) : present;
            own.users++;
            return own;
        });
        try {
            if (!lane.threads.tryAcquire(MAX_QUEUED_SECONDS, TimeUnit.SECONDS)) {
                throw overloaded(LATE);
            }
            try {
                return onThread(check);
            } finally {
                lane.threads.release();
            }
        } finally {
            lanes.computeIfPresent(key, (_, own) -> {
                own.users--;
                return own.users == 0 ? null : own;
            });
        }
    }

    private Optional<String> onThread(Supplier<Optional<String>> check) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        FutureTask<Optional<String>> task = new FutureTask<>(() -> {
            started.countDown();
            return check.get();
        });
        try {
            threads.execute(task);
        } catch (RejectedExecutionException _) {
            throw overloaded(LATE);
        }
        try {
            if (!started.await(MAX_QUEUED_SECONDS, TimeUnit.SECONDS)) {
                throw overloaded(LATE);
            }
            return task.get(settings.validationTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return tooLong();
        } catch (ExecutionException failure) {
            return switch (Objects.requireNonNullElse(failure.getCause(), failure)) {
                case ArgsSchema.TooCostly _ -> tooLong();
                case ValidationLimitExceededException _ -> tooLong();
                case OutOfMemoryError fatal -> throw fatal;
                case Throwable fault -> unusable(fault);
            };
        } finally {
            // Interrupts a run whose caller no longer waits.
            task.cancel(true);
        }
    }

    private Optional<String> tooLong() {
        timeouts.increment();
        return Optional.of("takes longer to check than heliograph.approvals.validation-timeout allows ("
                + settings.validationTimeout().toMillis() + " ms); send fewer or simpler parts");
    }

    /** Reports only the kind of the fault, because the library's messages contain parts of the schema. */
    private static Optional<String> unusable(Throwable fault) {
        LOG.warn("A schema could not be evaluated: {}", fault.getClass().getName());
        return Optional.of("cannot be evaluated by this server; send a simpler one");
    }

    private static ProblemException overloaded(String limit) {
        return new ProblemException(
                ErrorCode.OVERLOADED,
                "Too many args and schemas wait for their validation: " + limit
                        + "; nothing has happened, repeat it after the time in Retry-After",
                Map.of(ProblemException.RETRY_AFTER_SECONDS, 1));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
