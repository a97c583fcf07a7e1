package io.heliograph.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.gateway.Authentication;
import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.Authentication.Rejected;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SocketTicketsTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private final SocketTickets tickets = tickets("");

    private SocketTickets tickets(String key) {
        return new SocketTickets(new HeliographProperties.Tickets(true, key, Duration.ofMinutes(5)), now::get);
    }

    @Test
    void aTicketNamesItsWorkspaceItsMemberAndItsEnd() {
        Authentication answer = tickets.verify(tickets.issue("acme", "Ada Lovelace"));

        assertThat(answer).isInstanceOfSatisfying(Accepted.class, accepted -> {
            assertThat(accepted.principal().workspace().value()).isEqualTo("acme");
            assertThat(accepted.principal().subject().memberId()).contains("Ada Lovelace");
            assertThat(accepted.principal().expiresAt()).contains(now.get().plusSeconds(300));
        });
    }

    @Test
    void itEnds() {
        String ticket = tickets.issue("acme", "ada");
        now.set(now.get().plusSeconds(300));

        assertThat(tickets.verify(ticket)).isEqualTo(Tokens.expired());
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String ticket = tickets.issue("acme", "ada");
        for (int i = 4; i < ticket.length() - 1; i++) {
            char other = ticket.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(tickets.verify(ticket.substring(0, i) + other + ticket.substring(i + 1)))
                    .isInstanceOf(Rejected.class);
        }
        for (String text : List.of("", "ht1.", "ht1.a.b.c", "ht1.%.%", "x" + ticket)) {
            assertThat(tickets.verify(text)).isInstanceOf(Rejected.class);
        }
    }

    @Test
    void nodesWithOneKeyTakeEachOthersTickets() {
        String key = "0123456789abcdef0123456789abcdef";

        assertThat(tickets(key).verify(tickets(key).issue("acme", "ada"))).isInstanceOf(Accepted.class);
        assertThat(tickets(key).verify(tickets.issue("acme", "ada"))).isInstanceOf(Rejected.class);
    }

    @Test
    void theWorkspaceIsOne() {
        assertThatThrownBy(() -> tickets.issue("acme inc", "ada")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tickets.issue("acme", "")).hasMessageContaining("member");
    }
}
