package io.heliograph.gateway;

import io.heliograph.eventlog.WorkspaceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Principals for tests. */
final class Principals {
    private Principals() {}

    /** A member by a token without an end. */
    static Principal member(String workspace, String id) {
        return token(workspace, id, "tok_" + id, Optional.empty());
    }

    /** A member by a token that stands on itself, its member and the session {@code ses_1}. */
    static Principal token(String workspace, String member, String token, Optional<Instant> end) {
        return new Principal(
                new WorkspaceId(workspace),
                new Principal.Subject(member, member, Optional.of(member)),
                Set.of(Principal.READ),
                new Principal.Credential(token, Set.of("member:" + member, "token:" + token, "session:ses_1"), end));
    }

    /** A member by a token that is limited to topics. */
    static Principal limited(String workspace, String id, String... topics) {
        Principal all = member(workspace, id);
        return new Principal(
                all.workspace(),
                all.subject(),
                all.scopes(),
                all.credential(),
                Optional.of(TopicPatterns.of(List.of(topics))));
    }

    /** A program by a key without an end. */
    static Principal key(String workspace, String id) {
        return new Principal(
                new WorkspaceId(workspace),
                new Principal.Subject(id, "bot", Optional.empty()),
                Set.of(Principal.READ),
                new Principal.Credential(id, Set.of("key:" + id), Optional.empty()));
    }
}
