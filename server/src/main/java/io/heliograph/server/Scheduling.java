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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How Linux schedules one thread of this process. A thread takes it from the one that starts it.
 *
 * <p>Source: sched_setattr(2), nice(2). A slice for threads of normal policy is of Linux 6.12 and later.
 *
 * @param policy of the kernel's numbers; 0 is the normal one
 * @param flags as the kernel gave them
 * @param nice from -20 to 19: the larger, the smaller is its share of a core that others want as well
 * @param slice for which it goes on while others wait for the core; a thread with a shorter one that has something to do
 *     takes the core from one with a longer one. Zero from a kernel that does not know of it.
 */
record Scheduling(int policy, long flags, int nice, Duration slice) {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduling.class);

    /** The caller's own thread. */
    static final int THIS_THREAD = 0;

    /** The length of {@code struct sched_attr} in its first version, and where its fields stand. */
    private static final int LENGTH = 48;

    private static final long POLICY = 4;
    private static final long FLAGS = 8;
    private static final long NICE = 16;
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

    Scheduling withSlice(Duration other) {
        return new Scheduling(policy, flags, nice, other);
    }

    Scheduling withNice(int other) {
        return new Scheduling(policy, flags, other, slice);
    }

    /** That of thread {@code id}; empty where it cannot be known, as on another system. */
    static Optional<Scheduling> of(int id) {
        return call((syscall, calls, attributes) -> {
            if ((long) syscall.invokeExact(calls.get, (long) id, attributes, (long) LENGTH, 0L) != 0) {
                return null;
            }
            return new Scheduling(
                    attributes.get(ValueLayout.JAVA_INT, POLICY),
                    attributes.get(ValueLayout.JAVA_LONG, FLAGS),
                    attributes.get(ValueLayout.JAVA_INT, NICE),
                    Duration.ofNanos(attributes.get(ValueLayout.JAVA_LONG, RUNTIME)));
        });
    }

    /** Whether thread {@code id} is now scheduled like this. Less nice than it was needs privileges. */
    boolean giveTo(int id) {
        return call((syscall, calls, attributes) -> {
                    attributes.set(ValueLayout.JAVA_INT, 0, LENGTH);
                    attributes.set(ValueLayout.JAVA_INT, POLICY, policy);
                    attributes.set(ValueLayout.JAVA_LONG, FLAGS, flags);
                    attributes.set(ValueLayout.JAVA_INT, NICE, nice);
                    attributes.set(ValueLayout.JAVA_LONG, RUNTIME, slice.toNanos());
                    return (long) syscall.invokeExact(calls.set, (long) id, attributes, 0L, 0L) == 0;
                })
                .orElse(false);
    }

    private interface Call<T> {
        @Nullable
        T make(MethodHandle syscall, Calls calls, MemorySegment attributes) throws Throwable;
    }

    @SuppressWarnings("restricted") // the launcher and the jar's manifest allow native access
    private static <T> Optional<T> call(Call<T> call) {
        Calls calls = SYSTEM_CALLS.get(System.getProperty("os.arch"));
        if (calls == null || !System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            MethodHandle syscall = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("syscall"), SYSCALL, Linker.Option.firstVariadicArg(1));
            return Optional.ofNullable(call.make(syscall, calls, arena.allocate(LENGTH, Long.BYTES)));
        } catch (Throwable e) {
            LOG.debug("the kernel cannot be asked how it schedules a thread", e);
            return Optional.empty();
        }
    }
}
