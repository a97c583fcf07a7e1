package io.heliograph.server.identity;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Subject;
import io.heliograph.server.workspaces.Member;
import io.heliograph.server.workspaces.Role;
import io.heliograph.server.workspaces.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The audit entries about members, keys, tokens and sessions. */
final class AuditEvents {
    private AuditEvents() {}

    static void workspaceCreated(ChangeLog log, Transaction transaction, Workspace workspace) {
        log.record(
                transaction,
                workspace.workspaceId(),
                Actor.SYSTEM,
                "workspace.created",
                Subject.of("workspace", workspace.id()),
                Map.of("slug", workspace.slug()));
    }

    static void memberAdded(ChangeLog log, Transaction transaction, WorkspaceId in, Actor actor, Member member) {
        log.record(
                transaction,
                in,
                actor,
                "member.added",
                member(member),
                Map.of("handle", member.handle(), "role", member.role().wireName()));
    }

    static void roleChanged(
            ChangeLog log, Transaction transaction, WorkspaceId in, Actor actor, Member member, Role role) {
        log.record(
                transaction,
                in,
                actor,
                "member.role_changed",
                member(member),
                Map.of("from", member.role().wireName(), "to", role.wireName()));
    }

    /** {@code keys} says what happens to the member's keys: {@code keep} or {@code revoke}. */
    static void memberRemoved(
            ChangeLog log, Transaction transaction, WorkspaceId in, Actor actor, Member member, String keys) {
        log.record(
                transaction,
                in,
                actor,
                "member.removed",
                member(member),
                Map.of("handle", member.handle(), "keys", keys));
    }

    static void linkMade(ChangeLog log, Transaction transaction, WorkspaceId in, Actor actor, Member member) {
        log.record(transaction, in, actor, "member.sign_in_link_made", member(member), Map.of());
    }

    static void keyIssued(ChangeLog log, Transaction transaction, WorkspaceId in, Actor actor, ApiKey key) {
        log.record(
                transaction,
                in,
                actor,
                "key.issued",
                Subject.of("key", key.id()),
                key.actAs()
                        .<Map<String, ?>>map(actAs ->
                                Map.of("name", key.name(), "scopes", names(key.scopes()), "actAs", actAs.agents()))
                        .orElseGet(() -> Map.of("name", key.name(), "scopes", names(key.scopes()))));
    }

    /** {@code end} is when the old key ends, unless it ends before by itself. */
    static void keyRotated(
            ChangeLog log,
            Transaction transaction,
            WorkspaceId in,
            Actor actor,
            ApiKey old,
            ApiKey successor,
            Instant end) {
        log.record(
                transaction,
                in,
                actor,
                "key.rotated",
                Subject.of("key", old.id()),
                Map.of("successor", successor.id(), "end", end));
    }

    private static List<String> names(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::wireName).toList();
    }

    static void keyRevoked(ChangeLog log, Transaction transaction, WorkspaceId in, Actor actor, String keyId) {
        log.record(transaction, in, actor, "key.revoked", Subject.of("key", keyId), Map.of());
    }

    static void tokenRevoked(ChangeLog log, Transaction transaction, WorkspaceId in, Actor actor, String tokenId) {
        log.record(transaction, in, actor, "token.revoked", Subject.of("token", tokenId), Map.of());
    }

    static void sessionOpened(ChangeLog log, Transaction transaction, WorkspaceId in, Actor actor, String sessionId) {
        log.record(transaction, in, actor, "session.opened", Subject.of("session", sessionId), Map.of());
    }

    /** {@code reason} is {@code signed_out}, {@code replaced} by another sign-in in the same browser, or {@code ended}. */
    static void sessionEnded(
            ChangeLog log, Transaction transaction, Sessions.Session session, Actor actor, String reason) {
        log.record(
                transaction,
                session.workspace(),
                actor,
                "session.ended",
                Subject.of("session", session.id()),
                Map.of("memberId", session.memberId(), "reason", reason));
    }

    private static Subject member(Member member) {
        return Subject.of("member", member.id().value());
    }
}
