package io.heliograph.server.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaChangeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                          | {}                                                     | true
            {'type':'object'}                           | {'type':'object','description':'x'}                    | true
            {'type':'object'}                           | {'type':'object','properties':{'a':{}}}                | true
            {'properties':{'a':{}}}                     | {'properties':{'a':{},'b':{}}}                         | true
            {'properties':{'a':{'properties':{}}}}      | {'properties':{'a':{'properties':{'b':{}}}}}           | true
            {'items':{'properties':{}}}                 | {'items':{'properties':{'b':{}}}}                      | true
            {'properties':{'a':{}}}                     | {'properties':{'b':{}}}                                | false
            {'properties':{'a':{}}}                     | {}                                                     | false
            {'properties':{'a':{'type':'string'}}}      | {'properties':{'a':{'type':'integer'}}}                | false
            {'properties':{}}                           | {'properties':{'b':{}},'required':['b']}               | false
            {'required':['a']}                          | {}                                                     | false
            {'type':'object'}                           | {'type':'object','additionalProperties':false}         | false
            {'type':['object','null']}                  | {'type':'object'}                                      | false
            {'properties':{'a':true}}                   | {'properties':{'a':false}}                             | false
            """)
    void onlyOptionalPropertiesAreAdded(String before, String after, boolean expected) {
        assertThat(SchemaChange.onlyAdds(
                        Json.mapper().readTree(before.replace('\'', '"')),
                        Json.mapper().readTree(after.replace('\'', '"'))))
                .isEqualTo(expected);
    }
}
