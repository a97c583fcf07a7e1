package io.heliograph.server.approvals;

import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.identity.Caller;
import java.util.List;
import java.util.Optional;

/**
 * The requester, besides the agent in whose name the request was made.
 *
 * @param id of the member, or the lineage of the key
 * @param owner the member that the key belongs to, or the member itself
 * @param signedInBy who made the sign-in links that led to the session in which the member asked
 */
record Requester(String id, Optional<MemberId> owner, List<LinkMaker> signedInBy) {
    Requester {
        signedInBy = List.copyOf(signedInBy);
    }

    boolean isMember() {
        return owner.isPresent() && owner.get().value().equals(id);
    }

    /** Whether the person who acts as {@code member} may be the requester. */
    boolean mayBe(Caller.Member member) {
        return owner.filter(member::mayBe).isPresent()
                || signedInBy.stream().anyMatch(maker -> member.mayBe(maker.id()));
    }
}
