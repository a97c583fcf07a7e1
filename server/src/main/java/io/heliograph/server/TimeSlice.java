package io.heliograph.server;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long Linux lets a thread go on while others wait for the same core; threads inherit it from the thread that starts them.
 *
 * <p>A thread with a short slice runs almost at once when it has something to do, where otherwise it would wait until the
 * slice of the one that runs now ends. So it is short for all threads that serve requests, and stays as it is for those that
 * the JVM has begun before: its compilers and its garbage collector, which have much to do and can wait.
 *
 * <p>Source: sched_setattr(2). Linux takes {@code sched_runtime} of a thread of normal policy for its slice since 6.12.
 */
final class TimeSlice {
    private static final Logger LOG = LoggerFactory.getLogger(TimeSlice.class);

    /** The length of {@code struct sched_attr} in its first version, and where in it the slice stands. */
    private static final long ATTRIBUTES = 48;

    private static final long RUNTIME = 24;

    private record Calls(long set, long get) {}

    private static final Map<String, Calls> SYSTEM_CALLS =
            Map.of("amd64", new Calls(314, 315), "aarch64", new Calls(274, 275));

    private static final FunctionDescriptor SYSCALL = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG);

    private static final Linker.Option FIRST_VARIADIC = Linker.Option.firstVariadicArg(1);

    private TimeSlice() {}

    /**
     * Changes it for this thread and those that it will start; Linux takes 100 µs to 100 ms.
     *
     * @return the slice as it is now; empty where it cannot be set, which only means that threads wait longer for one another
     */
    static Optional<Duration> set(Duration slice) {
        return ask((syscall, calls, attributes) -> {
            if (!read(syscall, calls, attributes)) {
                return false;
            }
            attributes.set(ValueLayout.JAVA_LONG, RUNTIME, slice.toNanos());
            return (long) syscall.invokeExact(calls.set, 0L, attributes, 0L, 0L) == 0
                    && read(syscall, calls, attributes);
        });
    }

    /** That of this thread, where it is known. */
    static Optional<Duration> current() {
        return ask(TimeSlice::read);
    }

    private static boolean read(MethodHandle syscall, Calls calls, MemorySegment attributes) throws Throwable {
        return (long) syscall.invokeExact(calls.get, 0L, attributes, ATTRIBUTES, 0L) == 0;
    }

    private interface Question {
        boolean ask(MethodHandle syscall, Calls calls, MemorySegment attributes) throws Throwable;
    }

    @SuppressWarnings("restricted") // the launcher and the jar's manifest allow native access
    private static Optional<Duration> ask(Question question) {
        Calls calls = SYSTEM_CALLS.get(System.getProperty("os.arch"));
        if (calls == null || !System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            MethodHandle syscall =
                    linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"), SYSCALL, FIRST_VARIADIC);
            MemorySegment attributes = arena.allocate(ATTRIBUTES, Long.BYTES);
            boolean answered = question.ask(syscall, calls, attributes);
            // A kernel that does not know of it answers 0.
            long nanos = attributes.get(ValueLayout.JAVA_LONG, RUNTIME);
            return answered && nanos > 0 ? Optional.of(Duration.ofNanos(nanos)) : Optional.empty();
        } catch (Throwable e) {
            LOG.debug("the kernel cannot be asked for a time slice", e);
            return Optional.empty();
        }
    }
}
