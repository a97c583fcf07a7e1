package io.heliograph.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.events.Actor;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.events.Subject;
import io.heliograph.server.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuditCsvTest {

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx"})
    void whatASpreadsheetWouldRunHasAnApostropheInFront(String formula) {
        assertThat(AuditCsv.cell(formula)).isEqualTo("'" + formula);
    }

    @Test
    void aCarriageReturnInFrontIsNoFormulaEither() {
        assertThat(AuditCsv.cell("\r=1")).isEqualTo("\"'\r=1\"");
    }

    @Test
    void cellsWithCommasAndQuotesAreQuoted() {
        assertThat(AuditCsv.cell("a=b")).isEqualTo("a=b");
        assertThat(AuditCsv.cell("a,b")).isEqualTo("\"a,b\"");
        assertThat(AuditCsv.cell("say \"hi\"")).isEqualTo("\"say \"\"hi\"\"\"");
        assertThat(AuditCsv.cell("=A(\"x\")")).isEqualTo("\"'=A(\"\"x\"\")\"");
    }

    @Test
    void lineBreaksStayInsideQuotes() {
        assertThat(AuditCsv.cell("a\nb")).isEqualTo("\"a\nb\"");
        assertThat(AuditCsv.cell("")).isEmpty();
    }

    @Test
    void aRowHasACellForEachColumn() {
        Actor actor = Actor.of("member", "mem_1", "Ada, \"the\" =1")
                .withSignedInBy(List.of(
                        new LinkMaker(new MemberId("mem_2"), "Bo"), new LinkMaker(new MemberId("mem_3"), "Cy")));
        AuditEntry entry = new AuditEntry(
                "aud_1",
                Instant.parse("2026-11-30T08:00:00Z"),
                actor,
                Optional.of(new Actor.Credential("key", "key_1", "-robot")),
                "approval.resolved",
                Subject.of("approval", "apr_1", 2),
                Json.mapper().readTree("{\"a\":1}"));

        String rows = AuditCsv.rows(List.of(entry));

        assertThat(rows)
                .isEqualTo("aud_1,2026-11-30T08:00:00.000Z,approval.resolved,member,mem_1,\"Ada, \"\"the\"\" =1\","
                        + "mem_2 mem_3,key,key_1,'-robot,approval,apr_1,2,\"{\"\"a\"\":1}\"\r\n");
        assertThat(AuditCsv.header().split(",", -1)).hasSize(14);
    }
}
