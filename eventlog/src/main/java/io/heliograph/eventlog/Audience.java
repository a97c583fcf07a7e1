package io.heliograph.eventlog;

/** Who may see an event: everyone in its workspace, or one member of it. Immutable. */
public sealed interface Audience {
    Audience EVERYONE = new Everyone();

    static Audience member(String memberId) {
        return new Member(memberId);
    }

    record Everyone() implements Audience {}

    record Member(String memberId) implements Audience {}
}
