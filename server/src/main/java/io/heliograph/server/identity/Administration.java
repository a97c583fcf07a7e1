package io.heliograph.server.identity;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.TopicPatterns;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Member;
import io.heliograph.server.workspaces.Members;
import io.heliograph.server.workspaces.Role;
import io.heliograph.server.workspaces.Workspace;
import io.heliograph.server.workspaces.Workspaces;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The operator's actions outside the API: creates workspaces, members, tokens, keys and sign-in codes. For the command
 * line and the start of the server; no permission is checked. Safe from any thread; blocks on the database.
 */
public final class Administration {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final EventLog log;
    private final JdbcClient jdbc;
    private final Tokens tokens;
    private final RevocationFeed revocations;
    private final IdentitySettings settings;
    private final ChangeLog changes;

    Administration(
            EventLog log,
            JdbcClient jdbc,
            Tokens tokens,
            RevocationFeed revocations,
            IdentitySettings settings,
            ChangeLog changes) {
        this.log = log;
        this.jdbc = jdbc;
        this.tokens = tokens;
        this.revocations = revocations;
        this.settings = settings;
        this.changes = changes;
    }

    /** Whether there is a workspace with this slug. */
    public boolean exists(String slug) {
        return Workspaces.findBySlug(jdbc, slug).isPresent();
    }

    /**
     * The workspace with this slug, made when there is none.
     *
     * @throws IllegalArgumentException when the slug is not 1 to 63 lower-case letters, digits and dashes
     */
    public Workspace ensureWorkspace(String slug) {
        Optional<Workspace> there = Workspaces.findBySlug(jdbc, slug);
        if (there.isPresent()) {
            return there.get();
        }
        if (!SLUG.matcher(slug).matches()) {
            throw new IllegalArgumentException(
                    "a workspace is named by 1 to 63 lower-case letters, digits and dashes, not \"" + slug + "\"");
        }
        WorkspaceId id = new WorkspaceId(Ids.next("ws", System.currentTimeMillis()));
        return log.write(
                id,
                transaction -> Workspaces.findBySlug(Sql.in(transaction), slug).orElseGet(() -> {
                    Workspace made = new Workspace(id.value(), slug, slug);
                    Workspaces.add(Sql.in(transaction), made, transaction.now());
                    AuditEvents.workspaceCreated(changes, transaction, made);
                    return made;
                }));
    }

    /**
     * The member with this handle, created when there is none. An existing member gets {@code role}, because the
     * operator may write the database anyway.
     */
    public Member ensureMember(Workspace workspace, String handle, Role role) {
        if (handle.isBlank() || handle.length() > 200) {
            throw new IllegalArgumentException("a member is named by 1 to 200 characters");
        }
        WorkspaceId id = workspace.workspaceId();
        return log.write(id, transaction -> {
            JdbcClient inside = Sql.in(transaction);
            Optional<Member> there =
                    Members.findByHandle(inside, id, handle).or(() -> Members.find(inside, id, new MemberId(handle)));
            if (there.isEmpty()) {
                Member added = Members.add(inside, id, handle, handle.strip(), role, transaction.now());
                AuditEvents.memberAdded(changes, transaction, id, Actor.SYSTEM, added);
                return added;
            }
            Member member = there.get();
            if (member.role() == role) {
                return member;
            }
            Members.changeRole(inside, id, member.id(), role);
            revocations.publish(transaction, new Revocation.RoleChanged(id, member.id(), role));
            AuditEvents.roleChanged(changes, transaction, id, Actor.SYSTEM, member, role);
            return new Member(member.id(), member.handle(), member.name(), role, member.createdAt());
        });
    }

    /** A signed token for a member. */
    public String token(Workspace workspace, Member member, Duration ttl) {
        return token(workspace, member, ttl, Optional.empty());
    }

    /**
     * A signed token for a member.
     *
     * @param topics the only ones that it sees; empty: all
     */
    public String token(Workspace workspace, Member member, Duration ttl, Optional<TopicPatterns> topics) {
        return tokens.sign(workspace.workspaceId(), member, Optional.empty(), ttl, topics)
                .token();
    }

    /** A new API key with the default scopes and without an end. Its secret is shown only once. */
    public String key(Workspace workspace, String name) {
        return key(workspace, name, Scope.defaults(), ActAs.NOBODY, Optional.empty());
    }

    /**
     * A new API key. Its secret is shown only once.
     *
     * @throws InvalidFieldException when {@code actAs} and {@code scopes} do not fit
     */
    public String key(Workspace workspace, String name, Set<Scope> scopes, ActAs actAs, Optional<Instant> expiresAt) {
        return key(workspace, name, scopes, actAs, expiresAt, false);
    }

    /**
     * As {@link #key}, but the new key takes over the agents of the newest key with this name that was made this way.
     */
    public String nextKey(
            Workspace workspace, String name, Set<Scope> scopes, ActAs actAs, Optional<Instant> expiresAt) {
        return key(workspace, name, scopes, actAs, expiresAt, true);
    }

    private String key(
            Workspace workspace,
            String name,
            Set<Scope> scopes,
            ActAs actAs,
            Optional<Instant> expiresAt,
            boolean goOn) {
        actAs.requireToFit(scopes);
        if (name.isBlank() || name.length() > 200) {
            throw new IllegalArgumentException("a key is named by 1 to 200 characters");
        }
        WorkspaceId id = workspace.workspaceId();
        Set<Scope> granted = EnumSet.copyOf(scopes);
        return log.write(id, transaction -> {
            Optional<String> lineage = goOn ? ApiKeys.newestLineage(Sql.in(transaction), id, name) : Optional.empty();
            ApiKeys.Issued issued = ApiKeys.issue(
                    Sql.in(transaction),
                    id,
                    new ApiKeys.NewKey(name, granted, actAs, Optional.empty(), List.of(), expiresAt, lineage),
                    transaction.now());
            AuditEvents.keyIssued(changes, transaction, id, Actor.SYSTEM, issued.key());
            return issued.text();
        });
    }

    /** A code that signs the workspace's first owner in, once. Empty when the workspace has no owner. */
    public Optional<String> signInCode(Workspace workspace) {
        WorkspaceId id = workspace.workspaceId();
        return log.write(
                id,
                transaction -> Members.all(Sql.in(transaction), id).stream()
                        .filter(member -> member.role() == Role.OWNER)
                        .findFirst()
                        .map(owner -> {
                            AuditEvents.linkMade(changes, transaction, id, Actor.SYSTEM, owner);
                            return Sessions.issueCode(
                                    transaction, new Sessions.Holder(id, owner.id(), List.of()), settings.signInTtl());
                        }));
    }
}
