package dev.muster.deepseek.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRequestTest {
  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  private static ChatRequest parse(String json) {
    return ChatRequest.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void thinksUnlessToldNotTo() {
    assertThat(parse("{\"model\":\"m\"," + MESSAGES + "}").thinking()).isTrue();
    assertThat(parse("{\"model\":\"m\",\"thinking\":{\"type\":\"disabled\"}," + MESSAGES + "}"))
        .satisfies(r -> assertThat(r.thinking()).isFalse());
    assertThat(parse("{\"model\":\"m\",\"reasoning_effort\":\"none\"," + MESSAGES + "}").thinking())
        .isFalse();
  }

  @Test
  void takesTheLastUserMessageAndCountsAllPrompts() {
    var request =
        parse(
            """
            {"model":"m","messages":[
              {"role":"system","content":"0123456789"},
              {"role":"user","content":"first"},
              {"role":"user","content":[{"type":"text","text":"seco"},{"type":"text","text":"nd"}]},
              {"role":"assistant","content":null}]}
            """);
    assertThat(request.lastUser()).isEqualTo("second");
    assertThat(request.promptTokens()).isEqualTo((10 + 5 + 6) * 3 / 10);
  }

  @Test
  void answersWithAsManyTokensAsWereAskedFor() {
    var asked = parse("{\"model\":\"m\",\"max_tokens\":7," + MESSAGES + "}");
    assertThat(asked.answerTokens(1000)).isEqualTo(7);
    assertThat(asked.answerTokens(5)).isEqualTo(5);
    assertThat(parse("{\"model\":\"m\"," + MESSAGES + "}").answerTokens(1000)).isBetween(64, 319);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {                                                 | 400 | Failed to parse
          []                                                | 422 | expected an object
          {"messages":[]}                                   | 422 | missing field `model`
          {"model":"m"}                                     | 422 | missing field `messages`
          {"model":"m","messages":[]}                       | 400 | Empty input messages
          {"model":"m","messages":[{"role":"developer","content":"x"}]} | 422 | messages[0].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`, `latest_reminder`
          {"model":"m","stream_options":{},MSG}             | 400 | stream_options should be set along with stream = true
          {"model":"m","max_tokens":0,MSG}                  | 400 | the valid range of max_tokens is [1, 393216]
          {"model":"m","max_tokens":"9",MSG}                | 422 | max_tokens
          {"model":"m","temperature":2.1,MSG}               | 400 | [0, 2]
          {"model":"m","tool_choice":"required",MSG}        | 400 | tool_choice
          {"model":"m","stream":"yes",MSG}                  | 422 | stream
          {"model":"m","user_id":"a b",MSG}                 | 400 | user_id
          """)
  void refusesWhatDeepSeekRefuses(String json, int status, String message) {
    var error = catchThrowableOfType(ApiError.class, () -> parse(json.replace("MSG", MESSAGES)));
    assertThat(error.status()).isEqualTo(status);
    assertThat(error).hasMessageContaining(message);
  }
}
