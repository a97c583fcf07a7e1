package io.heliograph.server.readers;

import io.heliograph.server.errors.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The limits of long polls and streams on one node.
 *
 * @param maxPerCaller that one member or key holds open at the same time
 * @param maxPerWorkspace that one workspace holds open at the same time
 * @param max that all hold open at the same time
 * @param keepAlive of a stream: a comment is sent when nothing else was for this long
 * @param slowAfter a stream whose reader takes nothing for this long is ended
 */
@ConfigurationProperties("heliograph.readers")
public record ReaderSettings(
        @DefaultValue("50") int maxPerCaller,
        @DefaultValue("5000") int maxPerWorkspace,
        @DefaultValue("10000") int max,
        @DefaultValue("15s") Duration keepAlive,
        @DefaultValue("30s") Duration slowAfter) {
    public ReaderSettings {
        InvalidSettingException.check(
                maxPerCaller >= 1, "heliograph.readers.max-per-caller", maxPerCaller, "a number from 1 upwards");
        InvalidSettingException.check(
                maxPerWorkspace >= 1,
                "heliograph.readers.max-per-workspace",
                maxPerWorkspace,
                "a number from 1 upwards");
        InvalidSettingException.check(max >= 1, "heliograph.readers.max", max, "a number from 1 upwards");
        InvalidSettingException.check(
                keepAlive.toMillis() >= 100 && keepAlive.toMinutes() <= 5,
                "heliograph.readers.keep-alive",
                keepAlive,
                "a duration from 100ms to 5m");
        InvalidSettingException.check(
                slowAfter.toMillis() >= 100 && slowAfter.toMinutes() <= 60,
                "heliograph.readers.slow-after",
                slowAfter,
                "a duration from 100ms to 1h");
    }
}
