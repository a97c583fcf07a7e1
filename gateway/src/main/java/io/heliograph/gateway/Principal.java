package io.heliograph.gateway;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.WorkspaceId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The owner of a verified credential and its permissions. Immutable.
 *
 * @param workspace the only workspace whose log it can read
 * @param scopes what it may do, by name; {@link #READ} is needed to listen
 * @param topics the only ones that it sees, besides what is for its member and has no topic; empty: all
 */
public record Principal(
        WorkspaceId workspace,
        Subject subject,
        Set<String> scopes,
        Credential credential,
        Optional<TopicPatterns> topics) {
    /** The scope that every reader of the log needs. */
    public static final String READ = "read";

    public Principal {
        scopes = Set.copyOf(scopes);
    }

    /** One that sees all topics. */
    public Principal(WorkspaceId workspace, Subject subject, Set<String> scopes, Credential credential) {
        this(workspace, subject, scopes, credential, Optional.empty());
    }

    /**
     * The person or program.
     *
     * @param id the same for all credentials that may renew one another
     * @param name for messages to people
     * @param memberId of a person: the audience of events that are for one member
     */
    public record Subject(String id, String name, Optional<String> memberId) {}

    /**
     * What was presented. It holds no secret.
     *
     * @param id of the token or key; a renewed token has another
     * @param grants names of what the credential depends on, such as its session; a {@link Revocation} names one
     * @param expiresAt when it ends by itself; empty when it has no end
     */
    public record Credential(String id, Set<String> grants, Optional<Instant> expiresAt) {
        public Credential {
            grants = Set.copyOf(grants);
        }
    }

    public Optional<Instant> expiresAt() {
        return credential.expiresAt();
    }

    /** The same with another end. */
    public Principal endingAt(Optional<Instant> end) {
        return new Principal(
                workspace, subject, scopes, new Credential(credential.id(), credential.grants(), end), topics);
    }

    /** Whether an event of the workspace is for this principal. */
    public boolean mayRead(Event event) {
        return mayRead(event.audience(), event.topic());
    }

    /** Whether something for that audience, of that topic, is for this principal. */
    boolean mayRead(Audience audience, Optional<String> topic) {
        boolean ofItsTopics = topics.isEmpty() || topics.get().matches(topic);
        return switch (audience) {
            case Audience.Everyone everyone -> ofItsTopics;
            case Audience.Member(String memberId) ->
                subject.memberId().filter(memberId::equals).isPresent() && (ofItsTopics || topic.isEmpty());
        };
    }
}
