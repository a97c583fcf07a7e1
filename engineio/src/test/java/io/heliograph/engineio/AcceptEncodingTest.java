package io.heliograph.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AcceptEncodingTest {

    @ParameterizedTest
    @CsvSource({
        "'',                          none,    true",
        "'gzip, deflate',             gzip,    true",
        "'GZIP;q=0.001',              gzip,    true",
        "'gzip;q=0, deflate',         deflate, true",
        "'gzip;q=0, *',               deflate, true",
        "'gzip;q=0, deflate; q=0, *', none,    true",
        "'*;q=0',                     none,    false",
        "'*;q=0, gzip',               gzip,    false",
        "'gzip, identity;q=0.000',    gzip,    false",
        "'gzip;q=1.5',                none,    true",
        "'gzip;x',                    none,    true"
    })
    void aWeightOfZeroExcludesACoding(String header, String chosen, boolean identity) {
        AcceptEncoding accepts = AcceptEncoding.parse(header);

        assertThat(String.valueOf(accepts.firstOf("gzip", "deflate")).replace("null", "none"))
                .isEqualTo(chosen);
        assertThat(accepts.takes("identity")).isEqualTo(identity);
    }
}
