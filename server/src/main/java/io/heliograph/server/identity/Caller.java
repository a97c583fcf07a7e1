package io.heliograph.server.identity;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.workspaces.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The authenticated caller of a request. The workspace of a request is always the caller's.
 *
 * <p>A controller takes one as a parameter; one that takes a {@link Member} refuses API keys. The {@code require…}
 * methods throw {@code forbidden} with the missing scope or role. Immutable.
 */
public sealed interface Caller {
    WorkspaceId workspace();

    String name();

    /** The id of the member or the key. */
    String id();

    /** The scope of the caller's idempotency keys: a key shares them with the keys that it replaced. */
    default String idempotencyOwner() {
        return this instanceof Key key ? key.lineage() : id();
    }

    /**
     * Who made the sign-in links that led to the session of the member, or to the one in which the key was made, the
     * first one first; empty when the member signed in by itself, or by a link of the operator.
     */
    List<LinkMaker> signedInBy();

    /** The caller as events name it. */
    Actor actor();

    /**
     * Checks that the caller has {@code scope}: a key by its scopes; a member by its role, which for anything but
     * reading must be operator or higher.
     */
    void require(Scope scope);

    /** The caller as a person. */
    Member requireMember();

    /** The caller as a person who may decide. */
    default Member requireDecider() {
        Member member = requireMember();
        if (!member.role().mayDecide()) {
            throw forbidden("A viewer cannot decide; that requires the role operator, admin or owner");
        }
        return member;
    }

    /** The caller as an owner or admin. */
    default Member requireAdministrator() {
        Member member = requireMember();
        if (!member.role().mayAdminister()) {
            throw forbidden("This requires the role owner or admin; the caller is "
                    + member.role().wireName());
        }
        return member;
    }

    private static ProblemException forbidden(String detail) {
        return new ProblemException(ErrorCode.FORBIDDEN, detail);
    }

    /**
     * A person, by a token.
     *
     * @param signedInBy who made the sign-in links that led to the session of the token, the first one first; empty
     *     when the member signed in by itself, or by a link of the operator
     */
    record Member(WorkspaceId workspace, MemberId memberId, String name, Role role, List<LinkMaker> signedInBy)
            implements Caller {
        public Member {
            signedInBy = List.copyOf(signedInBy);
        }

        /** A member that was not signed in by another member's link. */
        public Member(WorkspaceId workspace, MemberId memberId, String name, Role role) {
            this(workspace, memberId, name, role, List.of());
        }

        public Member withRole(Role other) {
            return new Member(workspace, memberId, name, other, signedInBy);
        }

        /** Whether the person who acts may be the member with this id: itself, or a maker of the links that led here. */
        public boolean mayBe(MemberId id) {
            return memberId.equals(id)
                    || signedInBy.stream().anyMatch(maker -> maker.id().equals(id));
        }

        @Override
        public String id() {
            return memberId.value();
        }

        @Override
        public Actor actor() {
            return Actor.of("member", memberId.value(), name).withSignedInBy(signedInBy);
        }

        @Override
        public void require(Scope scope) {
            if (scope != Scope.READ && role == Role.VIEWER) {
                throw forbidden(
                        "A viewer may only read; " + scope.wireName() + " requires the role operator, admin or owner");
            }
        }

        @Override
        public Member requireMember() {
            return this;
        }
    }

    /**
     * A program, by an API key.
     *
     * @param owner the member that made the key, if a member did
     * @param signedInBy who made the sign-in links that led to the session in which it was made, the first one first
     * @param lineage to which its agents belong: the id of the first of the keys that replaced one another by rotation
     */
    record Key(
            WorkspaceId workspace,
            String keyId,
            String name,
            Set<Scope> scopes,
            ActAs actAs,
            Optional<MemberId> owner,
            List<LinkMaker> signedInBy,
            String lineage)
            implements Caller {
        public Key {
            scopes = Set.copyOf(scopes);
            signedInBy = List.copyOf(signedInBy);
        }

        @Override
        public String id() {
            return keyId;
        }

        @Override
        public Actor actor() {
            return Actor.of("key", keyId, name);
        }

        /** The agent as the actor, with this key as its credential. */
        public Actor speakingFor(AgentId agentId, String agentName) {
            return Actor.of("agent", agentId.value(), agentName).by(new Actor.Credential("key", keyId, name));
        }

        /** Whether the key may act for an agent of another key. */
        public boolean mayActAs(AgentId agentId) {
            return scopes.contains(Scope.AGENTS_ACT_AS) && actAs.includes(agentId);
        }

        @Override
        public void require(Scope scope) {
            if (!scopes.contains(scope)) {
                throw forbidden("The API key \"" + name + "\" lacks the scope " + scope.wireName());
            }
        }

        @Override
        public Member requireMember() {
            throw forbidden("An API key may not do this; use a member's token");
        }
    }
}
