package io.heliograph.server.identity;

import io.heliograph.eventlog.Transaction;
import io.heliograph.server.events.Actor;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Members;
import org.springframework.stereotype.Component;

/**
 * Ends sessions before their time: the row, the revocation that closes everything the session's tokens opened, and the
 * audit entry are written in one transaction. Safe from any thread.
 */
@Component
final class SessionEnds {
    private final RevocationFeed revocations;
    private final ChangeLog changes;

    SessionEnds(RevocationFeed revocations, ChangeLog changes) {
        this.revocations = revocations;
        this.changes = changes;
    }

    /** Does nothing when it has ended already. */
    void end(Transaction transaction, Sessions.Session session, Actor actor, String reason) {
        if (Sessions.end(transaction, session)) {
            revocations.publish(transaction, new Revocation.SessionEnded(session.workspace(), session.id()));
            AuditEvents.sessionEnded(changes, transaction, session, actor, reason);
        }
    }

    /** The session's own member as the actor. */
    static Actor actor(Transaction transaction, Sessions.Session session) {
        return Members.find(Sql.in(transaction), session.workspace(), session.memberId())
                .map(member ->
                        Actor.of("member", member.id().value(), member.name()).withSignedInBy(session.signedInBy()))
                .orElse(Actor.SYSTEM);
    }
}
