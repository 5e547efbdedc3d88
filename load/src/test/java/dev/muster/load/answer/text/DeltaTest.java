package dev.muster.load.answer.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DeltaTest {
  private static Delta of(String json) {
    return Delta.of(new JsonMapper().readTree(json));
  }

  @Test
  void reasoningHasTwoNamesAndIsReadOnce() {
    assertThat(of("{\"reasoning\":\"a\"}")).isEqualTo(new Delta("a", "", false));
    assertThat(of("{\"reasoning_content\":\"a\"}")).isEqualTo(new Delta("a", "", false));
    assertThat(of("{\"reasoning\":\"a\",\"reasoning_content\":\"a\",\"content\":\"b\"}"))
        .isEqualTo(new Delta("a", "b", false));
    assertThat(of("{\"reasoning\":\"a\",\"reasoning_content\":\"\"}").reasoning()).isEqualTo("a");
  }

  @Test
  void whatIsNoStringIsNoText() {
    for (var value : new String[] {"7", "true", "null", "{}", "[\"a\"]", "\"\""}) {
      assertThat(of("{\"content\":" + value + ",\"reasoning\":" + value + "}").isEmpty())
          .as(value)
          .isTrue();
    }
    assertThat(of("{}").isEmpty()).isTrue();
    assertThat(of("7").isEmpty()).isTrue();
  }

  @Test
  void oneTextIsOneTextAndNothingElse() {
    assertThat(of("{\"content\":\"a\",\"tool_calls\":[]}").isOneText()).isTrue();
    assertThat(of("{\"reasoning\":\"a\",\"content\":null}").isOneText()).isTrue();
    assertThat(of("{\"reasoning\":\"a\",\"content\":\"b\"}").isOneText()).isFalse();
    assertThat(of("{\"content\":\"a\",\"tool_calls\":[{}]}").isOneText()).isFalse();
    assertThat(of("{\"tool_calls\":[{}]}").isOneText()).isFalse();
    assertThat(of("{}").isOneText()).isFalse();
  }
}
