package io.heliograph.server.audit;

import io.heliograph.server.errors.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The limits of exports on one node.
 *
 * @param maxExportsPerCaller that one member runs at the same time
 * @param maxExportsPerWorkspace that one workspace runs at the same time
 * @param maxExports that all run at the same time
 */
@ConfigurationProperties("heliograph.audit")
record AuditSettings(
        @DefaultValue("2") int maxExportsPerCaller,
        @DefaultValue("4") int maxExportsPerWorkspace,
        @DefaultValue("16") int maxExports) {
    AuditSettings {
        positive("max-exports-per-caller", maxExportsPerCaller);
        positive("max-exports-per-workspace", maxExportsPerWorkspace);
        positive("max-exports", maxExports);
    }

    private static void positive(String name, int value) {
        InvalidSettingException.check(value >= 1, "heliograph.audit." + name, value, "a number from 1 upwards");
    }
}
