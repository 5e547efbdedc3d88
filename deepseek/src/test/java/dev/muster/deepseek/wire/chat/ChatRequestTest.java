package dev.muster.deepseek.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.deepseek.wire.ApiError;
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
    assertThat(asked.answerTokens(1000, 0)).isEqualTo(7);
    assertThat(asked.answerTokens(5, 0)).isEqualTo(5);
    assertThat(parse("{\"model\":\"m\"," + MESSAGES + "}").answerTokens(1000, 0))
        .isBetween(64, 319);
  }

  @Test
  void thePrefixOfAnAnswerIsNoPromptAndShortensIt() {
    var request =
        parse(
            """
            {"model":"m","messages":[
              {"role":"user","content":"0123456789"},
              {"role":"assistant","reasoning_content":"a ","content":"b ","prefix":true}]}
            """);
    assertThat(request.prefix()).isEqualTo("a b ");
    assertThat(request.promptTokens()).isEqualTo(3);
    assertThat(parse("{\"model\":\"m\",\"max_tokens\":7," + MESSAGES + "}").answerTokens(9, 5))
        .isEqualTo(4);
    assertThat(request.answerTokens(1000, 1000)).isZero();
    for (var role : new String[] {"user\",\"prefix\":true},{\"role\":\"user", "user"}) {
      var bad =
          "{\"model\":\"m\",\"messages\":[{\"role\":\"%s\",\"content\":\"\",\"prefix\":true}]}"
              .formatted(role);
      assertThat(catchThrowableOfType(ApiError.class, () -> parse(bad)))
          .hasMessageContaining("only the last message");
    }
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
          {"model":"m","top_p":0,MSG}                       | 400 | the valid range of top_p is (0, 1.0]
          {"model":"m","presence_penalty":-2.5,MSG}         | 400 | [-2, 2]
          {"model":"m","n":2,MSG}                           | 400 | Invalid n value (currently only n = 1 is supported)
          {"model":"m","stop":7,MSG}                        | 422 | stop: expected a string or a sequence of strings
          {"model":"m","top_logprobs":2,MSG}                | 400 | top_logprobs should be set along with logprobs = true
          {"model":"m","logprobs":true,"top_logprobs":21,MSG} | 400 | [0, 20]
          {"model":"m","response_format":{"type":"json_object"},MSG} | 400 | Prompt must contain the word
          {"model":"m","response_format":{"type":"json_schema"},MSG} | 400 | This response_format type is unavailable now
          {"model":"m","response_format":{"type":"xml"},MSG} | 422 | unknown variant `xml`
          {"model":"m","tool_choice":"required",MSG}        | 400 | tool_choice
          {"model":"m","stream":"yes",MSG}                  | 422 | stream
          {"model":"m","user_id":"a b",MSG}                 | 400 | user_id
          """)
  void refusesWhatDeepSeekRefuses(String json, int status, String message) {
    var error = catchThrowableOfType(ApiError.class, () -> parse(json.replace("MSG", MESSAGES)));
    assertThat(error.status()).isEqualTo(status);
    assertThat(error).hasMessageContaining(message);
  }

  @Test
  void anAnswerWithoutStructureAndStopIsAWholeChain() {
    assertThat(parse("{\"model\":\"m\",\"stop\":\"\"," + MESSAGES + "}").chained()).isTrue();
    var stopped = parse("{\"model\":\"m\",\"stop\":[\"a\",\"b\"]," + MESSAGES + "}");
    assertThat(stopped.stop()).containsExactly("a", "b");
    assertThat(stopped.chained()).isFalse();
  }
}
