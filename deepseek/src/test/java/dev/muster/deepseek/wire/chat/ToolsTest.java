package dev.muster.deepseek.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolsTest {
  private static final String TWO =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]";

  private static List<String> called(String more, String role, String text) {
    return Tools.called(Json.parse("{" + TWO + more + "}"), role, text).stream()
        .map(Tools.Function::name)
        .toList();
  }

  @Test
  void aUserIsAnsweredByACallAndAFunctionByText() {
    assertThat(called("", "user", "abc")).containsExactly("f");
    assertThat(called("", "user", "g and no other")).containsExactly("g");
    assertThat(called("", "user", "g after f")).containsExactly("f", "g");
    assertThat(called("", "tool", "f")).isEmpty();
    assertThat(called(",\"tool_choice\":\"none\"", "user", "f")).isEmpty();
    assertThat(called(",\"tool_choice\":\"required\"", "tool", "")).containsExactly("f");
    assertThat(
            called(
                ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"g\"}}",
                "user",
                "f"))
        .containsExactly("g");
    assertThat(Tools.called(Json.parse("{\"tools\":[]}"), "user", "f")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"tools":{}}                                                   | 422 | tools: expected a sequence
          {"tools":[{}]}                                                 | 422 | tools[0].missing field `type`
          {"tools":[{"type":"code"}]}                                    | 422 | expected `function`
          {"tools":[{"type":"function"}]}                                | 422 | tools[0].missing field `function`
          {"tools":[{"type":"function","function":{}}]}                  | 422 | tools[0].function.missing field `name`
          {"tools":[{"type":"function","function":{"name":"a b"}}]}      | 400 | 'tools[0].function.name'
          {"tool_choice":"required"}                                     | 400 | needs tools
          {"tool_choice":"any"}                                          | 422 | unknown variant `any`
          {"tool_choice":{"type":"function","function":{"name":"h"}}}    | 400 | no tool is called `h`
          """)
  void whatIsNoToolIsRefused(String json, int status, String message) {
    var error =
        catchThrowableOfType(ApiError.class, () -> Tools.called(Json.parse(json), "user", ""));
    assertThat(error.status()).isEqualTo(status);
    assertThat(error).hasMessageContaining(message);
  }
}
