package io.heliograph.server.identity;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.IdempotentRequest;
import io.heliograph.server.web.Listing;
import io.heliograph.server.web.Problems;
import io.heliograph.server.web.PublicUrl;
import io.heliograph.server.web.QueryValues;
import io.heliograph.server.workspaces.Member;
import io.heliograph.server.workspaces.Members;
import io.heliograph.server.workspaces.Role;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A workspace's members. All of them may list the members; owners and admins change them. Only an owner makes, changes
 * or removes an owner, and the last owner stays.
 */
@RestController
final class MembersController {
    private final EventLog log;
    private final Commands commands;
    private final RevocationFeed revocations;
    private final IdentitySettings settings;
    private final PublicUrl publicUrl;
    private final ChangeLog changes;
    private final WorkspaceUsage usage;
    private final List<MemberRemovalListener> removalListeners;

    MembersController(
            EventLog log,
            Commands commands,
            RevocationFeed revocations,
            IdentitySettings settings,
            PublicUrl publicUrl,
            ChangeLog changes,
            WorkspaceUsage usage,
            List<MemberRemovalListener> removalListeners) {
        this.log = log;
        this.commands = commands;
        this.revocations = revocations;
        this.settings = settings;
        this.publicUrl = publicUrl;
        this.changes = changes;
        this.usage = usage;
        this.removalListeners = List.copyOf(removalListeners);
    }

    record NewMember(String handle, String name, Role role) {
        NewMember(@Nullable String handle, @Nullable String name, @Nullable Role role) {
            this.handle = Fields.text("handle", handle, 200);
            Fields.check(this.handle.equals(this.handle.strip()), "handle", "must not begin or end with a space");
            this.name = name == null ? this.handle : Fields.text("name", name, 200);
            this.role = Fields.required("role", role);
        }
    }

    record RoleChange(Role role) {
        RoleChange(@Nullable Role role) {
            this.role = Fields.required("role", role);
        }
    }

    record SignInLink(String url) {}

    /** What happens to a member's keys when the member is removed. */
    enum KeysThen {
        KEEP,
        REVOKE;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @GetMapping("/v1/members")
    Listing<Member> list(Caller caller) {
        caller.require(Scope.READ);
        return log.read(
                caller.workspace(),
                snapshot -> Listing.whole(Members.all(Sql.in(snapshot), caller.workspace()), snapshot.asOf()));
    }

    @PostMapping("/v1/members")
    ResponseEntity<byte[]> add(Caller.Member caller, IdempotentRequest request, @RequestBody NewMember body) {
        requireMayGrant(caller, body.role);
        WorkspaceId workspace = caller.workspace();
        return commands.run(request, transaction -> {
            if (Members.findByHandle(Sql.in(transaction), workspace, body.handle)
                    .isPresent()) {
                throw new ProblemException(
                        ErrorCode.CONFLICT, "There is a member with the handle \"" + body.handle + "\" already");
            }
            usage.checkRoom(Sql.in(transaction), WorkspaceLimit.MEMBERS, IdentityRows.MEMBERS, workspace.value());
            Member member =
                    Members.add(Sql.in(transaction), workspace, body.handle, body.name, body.role, transaction.now());
            AuditEvents.memberAdded(changes, transaction, workspace, caller.actor(), member);
            return ResponseEntity.created(URI.create("/v1/members/" + member.id()))
                    .body(member);
        });
    }

    /**
     * Makes a link that signs the member in, once, and marks the session with who made it. The link is shown only once;
     * a repeated request is rejected and needs a new link.
     */
    @PostMapping("/v1/members/{id}/sign-in-link")
    ResponseEntity<byte[]> signInLink(Caller.Member caller, IdempotentRequest request, @PathVariable MemberId id) {
        return commands.runWithSecret(
                request,
                transaction -> {
                    Member member = changeable(caller, transaction, id);
                    List<LinkMaker> makers = LinkMakers.of(caller, member.id());
                    if (makers.size() > LinkMakers.MAX) {
                        throw new ProblemException(
                                ErrorCode.FORBIDDEN,
                                "This session comes from a chain of sign-in links of " + LinkMakers.MAX
                                        + " members already; sign in by a link of your own to make another");
                    }
                    String code = Sessions.issueCode(
                            transaction,
                            new Sessions.Holder(caller.workspace(), member.id(), makers),
                            settings.signInTtl());
                    AuditEvents.linkMade(changes, transaction, caller.workspace(), caller.actor(), member);
                    return code;
                },
                code -> ResponseEntity.status(HttpStatus.CREATED)
                        .cacheControl(CacheControl.noStore())
                        .body(new SignInLink(publicUrl.link("/sign-in#code=" + code))),
                _ -> Problems.answer(new ProblemException(
                        ErrorCode.CONFLICT,
                        "This Idempotency-Key made a sign-in link before, which was shown once; make another one with a"
                                + " new key")));
    }

    @PatchMapping("/v1/members/{id}")
    ResponseEntity<byte[]> changeRole(
            Caller.Member caller, IdempotentRequest request, @PathVariable MemberId id, @RequestBody RoleChange body) {
        requireMayGrant(caller, body.role);
        return commands.run(
                request,
                transaction -> {
                    Member member = changeable(caller, transaction, id);
                    if (member.role() == body.role) {
                        return member;
                    }
                    requireAnotherOwner(transaction, caller.workspace(), member);
                    Members.changeRole(Sql.in(transaction), caller.workspace(), id, body.role);
                    revocations.publish(transaction, new Revocation.RoleChanged(caller.workspace(), id, body.role));
                    AuditEvents.roleChanged(
                            changes, transaction, caller.workspace(), caller.actor(), member, body.role);
                    return new Member(id, member.handle(), member.name(), body.role, member.createdAt());
                },
                ResponseEntity::ok);
    }

    @DeleteMapping("/v1/members/{id}")
    ResponseEntity<byte[]> remove(
            Caller.Member caller,
            IdempotentRequest request,
            @PathVariable MemberId id,
            @RequestParam(required = false) @Nullable String keys) {
        KeysThen keysThen = QueryValues.choice("keys", keys, KeysThen.REVOKE);
        return commands.run(request, transaction -> {
            Member member = changeable(caller, transaction, id);
            requireAnotherOwner(transaction, caller.workspace(), member);
            Members.remove(Sql.in(transaction), caller.workspace(), id, transaction.now());
            removalListeners.forEach(listener -> listener.memberRemoved(transaction, caller.workspace(), id));
            revocations.publish(transaction, new Revocation.MemberRemoved(caller.workspace(), id));
            AuditEvents.memberRemoved(
                    changes, transaction, caller.workspace(), caller.actor(), member, keysThen.wireName());
            if (keysThen == KeysThen.REVOKE) {
                revokeKeys(transaction, caller, id);
            }
            return ResponseEntity.noContent().build();
        });
    }

    private void revokeKeys(Transaction transaction, Caller.Member caller, MemberId member) {
        WorkspaceId workspace = caller.workspace();
        for (ApiKey key : ApiKeys.madeBy(Sql.in(transaction), workspace, member)) {
            ApiKeys.revoke(Sql.in(transaction), workspace, key.id(), transaction.now());
            revocations.publish(transaction, new Revocation.KeyRevoked(workspace, key.id()));
            AuditEvents.keyRevoked(changes, transaction, workspace, caller.actor(), key.id());
        }
    }

    private static void requireMayGrant(Caller.Member caller, Role role) {
        caller.requireAdministrator();
        if (role == Role.OWNER && caller.role() != Role.OWNER) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only an owner can make an owner");
        }
    }

    private static Member changeable(Caller.Member caller, Transaction transaction, MemberId id) {
        caller.requireAdministrator();
        JdbcClient jdbc = Sql.in(transaction);
        Optional<Member> member = Members.find(jdbc, caller.workspace(), id);
        if (member.isEmpty()) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "There is no member " + id + " in this workspace");
        }
        if (member.get().role() == Role.OWNER && caller.role() != Role.OWNER) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only an owner can change an owner");
        }
        return member.get();
    }

    private static void requireAnotherOwner(Transaction transaction, WorkspaceId workspace, Member member) {
        if (member.role() == Role.OWNER && Members.owners(Sql.in(transaction), workspace) == 1) {
            throw new ProblemException(
                    ErrorCode.CONFLICT, "The last owner of a workspace stays owner; make another member owner first");
        }
    }
}
