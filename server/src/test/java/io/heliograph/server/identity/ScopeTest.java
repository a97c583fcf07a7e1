package io.heliograph.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {

    @ParameterizedTest
    @EnumSource
    void isReadByTheNameThatItIsWrittenAs(Scope scope) {
        assertThat(Scope.parse(scope.wireName())).contains(scope);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Read", "READ", "approvals", "approvals:*", "approvals:create "})
    void anyOtherNameIsNoScope(String name) {
        assertThat(Scope.parse(name)).isEmpty();
    }

    @Test
    void aKeyWithoutNamedScopesMayNotActForOthers() {
        assertThat(Scope.defaults())
                .containsExactly(Scope.APPROVALS_CREATE, Scope.AGENTS_WRITE, Scope.MESSAGES_WRITE, Scope.READ);
    }
}
