package io.heliograph.server;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.identity.ActAs;
import io.heliograph.server.identity.Administration;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.web.PublicUrl;
import io.heliograph.server.workspaces.Role;
import io.heliograph.server.workspaces.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The real server in this process, on a free port of 127.0.0.1 and SQLite in a folder of the test's own:
 *
 * <pre>{@code
 * try (TestServer server = TestServer.start(folder)) {
 *     TestClient ada = server.as(server.token("acme", "ada", Role.OPERATOR));
 *     assertThat(ada.get("/v1/whoami").status()).isEqualTo(200);
 * }
 * }</pre>
 *
 * <p>With {@code -Dtest.database=postgresql} it runs on PostgreSQL instead. A second start on the same folder goes on
 * with the data of the first. Safe from any thread.
 */
public final class TestServer implements AutoCloseable {
    private final Server server;

    private TestServer(Server server) {
        this.server = server;
    }

    /** Starts with {@code settings} such as {@code heliograph.token-ttl=1m}. */
    public static TestServer start(Path data, String... settings) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("heliograph.data", data.toString());
        all.put("heliograph.port", "0");
        if (TestPostgres.wanted()) {
            all.put("heliograph.database-url", TestPostgres.url(data));
        }
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            all.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new TestServer(Server.start(all));
    }

    /** Without a slash at its end. */
    public String url() {
        return server.url();
    }

    public int port() {
        return server.part(PublicUrl.class).port();
    }

    /** A bean of the running server. */
    public <T> T part(Class<T> type) {
        return server.part(type);
    }

    /** The id of the workspace with this slug, which is made when there is none. */
    public WorkspaceId workspace(String slug) {
        return ensure(slug).workspaceId();
    }

    /** The id of the member with this handle, which is made, or given the role. */
    public String member(String slug, String handle, Role role) {
        return administration().ensureMember(ensure(slug), handle, role).id();
    }

    /** A token of ten minutes for a member, which is made when there is none. */
    public String token(String slug, String handle, Role role) {
        return token(slug, handle, role, Duration.ofMinutes(10));
    }

    public String token(String slug, String handle, Role role, Duration ttl) {
        Workspace workspace = ensure(slug);
        return administration().token(workspace, administration().ensureMember(workspace, handle, role), ttl);
    }

    /** A new API key with the given scopes, or with the default ones when none is given. */
    public String key(String slug, String name, Scope... scopes) {
        Set<Scope> granted = scopes.length == 0 ? Scope.defaults() : EnumSet.copyOf(List.of(scopes));
        ActAs everybody = new ActAs(List.of(ActAs.EVERYBODY));
        return administration()
                .key(
                        ensure(slug),
                        name,
                        granted,
                        granted.contains(Scope.AGENTS_ACT_AS) ? everybody : ActAs.NOBODY,
                        Optional.empty());
    }

    /** A code that signs an owner of the workspace in; the owner is made when there is none. */
    public String signInCode(String slug) {
        Workspace workspace = ensure(slug);
        return administration().signInCode(workspace).orElseGet(() -> {
            administration().ensureMember(workspace, "owner", Role.OWNER);
            return administration().signInCode(workspace).orElseThrow();
        });
    }

    /** An HTTP client that presents {@code credential}. */
    public TestClient as(String credential) {
        return new TestClient(url(), Optional.of(credential));
    }

    /** An HTTP client without a credential. */
    public TestClient anonymous() {
        return new TestClient(url(), Optional.empty());
    }

    private Workspace ensure(String slug) {
        return administration().ensureWorkspace(slug);
    }

    private Administration administration() {
        return server.part(Administration.class);
    }

    @Override
    public void close() {
        server.close();
    }
}
