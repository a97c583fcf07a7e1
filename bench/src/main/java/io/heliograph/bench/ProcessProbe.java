package io.heliograph.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What the kernel knows of a process. Source: proc(5), {@code /proc/pid/stat}, {@code status} and {@code smaps_rollup}. */
final class ProcessProbe {
    /** USER_HZ, which is 100 on every Linux that runs a JVM. */
    private static final long NANOS_PER_TICK = TimeUnit.SECONDS.toNanos(1) / 100;

    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    private ProcessProbe() {}

    /**
     * The process' CPU time, of all its threads, ended ones too.
     *
     * <p>Shape: in nanoseconds, in steps of ten milliseconds; the kernel scales it from the scheduler's exact run time.
     */
    record Cpu(long userNanos, long systemNanos) {
        long nanos() {
            return userNanos + systemNanos;
        }

        Cpu since(Cpu before) {
            return new Cpu(userNanos - before.userNanos, systemNanos - before.systemNanos);
        }
    }

    static Cpu cpu(long pid) {
        String stat = read(pid, "stat");
        // The second field is the command in parentheses and may hold spaces; the third is the state.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", SYSTEM_TIME + 2);
        return new Cpu(
                Long.parseLong(fields[USER_TIME]) * NANOS_PER_TICK,
                Long.parseLong(fields[SYSTEM_TIME]) * NANOS_PER_TICK);
    }

    /** Resident memory in bytes, file-backed pages included. */
    static long residentBytes(long pid) {
        return bytes(pid, "smaps_rollup", "Rss:");
    }

    /** The most that {@link #residentBytes} has ever been. */
    static long peakResidentBytes(long pid) {
        return bytes(pid, "status", "VmHWM:");
    }

    private static long bytes(long pid, String file, String field) {
        return read(pid, file)
                .lines()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + field + " in " + file + " of process " + pid));
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " is gone", e);
        }
    }
}
