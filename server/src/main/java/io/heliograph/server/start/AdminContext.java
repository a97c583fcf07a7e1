package io.heliograph.server.start;

import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.LogMetrics;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.errors.StartException;
import io.heliograph.server.identity.Administration;
import io.heliograph.server.identity.Identity;
import io.heliograph.server.identity.IdentitySettings;
import io.heliograph.server.json.Json;
import io.heliograph.server.limits.UsageRecount;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.storage.Database;
import io.heliograph.server.storage.SettingsReader;
import io.heliograph.server.storage.Storage;
import io.heliograph.server.storage.StorageSettings;
import io.heliograph.server.workspaces.Workspace;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The database and its administration for single commands, without a server and without Spring's container. */
final class AdminContext implements AutoCloseable {
    private final Storage storage;
    private final Identity identity;

    private AdminContext(Storage storage, Identity identity) {
        this.storage = storage;
        this.identity = identity;
    }

    static AdminContext open(Map<String, String> overrides) {
        System.setProperty("heliograph.log-target", "System.err"); // see logback.xml
        SettingsReader reader = SettingsReader.load(overrides);
        IdentitySettings identitySettings = reader.bind(IdentitySettings.class);
        Storage storage = new Storage(
                Database.open(reader.bind(StorageSettings.class), Database.Purpose.COMMAND),
                new LocalBus(),
                LogMetrics.NONE);
        return new AdminContext(
                storage,
                Identity.open(
                        storage.log(),
                        storage.jdbc(),
                        identitySettings,
                        storage.folder().path(),
                        new AuditTrail(Json.mapper()),
                        Clock.systemUTC()));
    }

    Administration administration() {
        return identity.administration();
    }

    /** The workspace with this slug, made when there is none. */
    Workspace workspace(String slug) {
        try {
            return administration().ensureWorkspace(slug);
        } catch (IllegalArgumentException failure) {
            throw new StartException(String.valueOf(failure.getMessage()), failure);
        }
    }

    /** Checks that the nodes accept tokens signed by this process. */
    void checkTokenSecret() {
        TokenSecretCheck.require(storage, identity.secretFingerprint());
    }

    /** Makes the token secret of this process the one that all nodes must have. */
    void acceptTokenSecret() {
        TokenSecretCheck.accept(storage, identity.secretFingerprint());
    }

    /** Gives every log a new epoch, so that all earlier cursors are rejected. */
    void newEpochs() {
        storage.log().newEpochs();
    }

    /** Corrects every workspace's counters. Calls {@code corrected} after each workspace's commit. */
    void recount(BiConsumer<WorkspaceId, List<UsageRecount.Correction>> corrected) {
        storage.log().forEachWorkspace(workspace -> {
            List<UsageRecount.Correction> corrections =
                    storage.log().write(workspace, transaction -> UsageRecount.run(Sql.in(transaction), workspace));
            corrected.accept(workspace, corrections);
        });
    }

    @Override
    public void close() {
        identity.close();
        storage.close();
    }
}
