package dev.muster.deepseek.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaExampleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                          | {}
          {"type":"object","properties":{"a":{"type":"string"}}}      | {}
          {"required":["a"],"properties":{"a":{"type":"string"}}}     | {"a":"s"}
          {"required":["a"]}                                          | {"a":{}}
          {"type":"string","minLength":3}                             | "sxx"
          {"type":["string","null"],"maxLength":0}                    | ""
          {"type":"integer"}                                          | 1
          {"type":"integer","minimum":7.5}                            | 8
          {"type":"integer","exclusiveMinimum":7}                     | 8
          {"type":"integer","maximum":-2}                             | -2
          {"type":"number"}                                           | 0.5
          {"type":"boolean"}                                          | true
          {"type":"null"}                                             | null
          {"type":"array","items":{"type":"boolean"}}                 | []
          {"type":"array","items":{"type":"boolean"},"minItems":2}    | [true,true]
          {"enum":["C","F"]}                                          | "C"
          {"const":4}                                                 | 4
          {"anyOf":[{"type":"boolean"},{"type":"null"}]}              | true
          {"$ref":"#/$defs/b","$defs":{"b":{"type":"boolean"}}}       | true
          """)
  void aValueMeetsItsSchema(String schema, String value) {
    assertThat(SchemaExample.of(Json.parse(schema), () -> "s")).hasToString(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"$ref":"#"}                                       | null
          {"required":["a"],"properties":{"a":{"$ref":"#"}}} | {"a":null}
          """)
  void whatRequiresItselfEnds(String schema, String innermost) {
    assertThat(SchemaExample.of(Json.parse(schema), () -> "s").toString()).contains(innermost);
  }
}
