package dev.muster.load.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Success;
import dev.muster.timeline.Outcome;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that are judged as a whole and have no tokens. */
class WholeRulesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static void assertAnswer(Answer answer, Outcome outcome, @Nullable String detail) {
    assertThat(answer.outcome()).as(answer.detail()).isEqualTo(outcome);
    assertThat(answer.detail()).isEqualTo(detail);
    assertThat(answer.tokens()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"data":[{"embedding":[0.5,-1]}]}                        | COMPLETE |
          {"object":"list","data":[{"index":0,"embedding":[1e-30]}],"error":null} | COMPLETE |
          {"data":[{"embedding":"AACAPw=="}]}                      | COMPLETE |
          {"data":[]}                                              | TRUNCATED | 0 embeddings to 1 inputs
          {"data":[{"embedding":[1]},{"embedding":[1]}]}           | MALFORMED | 2 embeddings to 1 inputs
          {"data":[{"embedding":[]}]}                              | MALFORMED | embedding 0 has no numbers
          {"data":[{}]}                                            | MALFORMED | embedding 0 has no numbers
          {"data":[{"embedding":{"a":1}}]}                         | MALFORMED | embedding 0 has no numbers
          {"data":[{"embedding":""}]}                              | MALFORMED | embedding 0 is not numbers in base64
          {"data":[{"embedding":"?"}]}                             | MALFORMED | embedding 0 is not numbers in base64
          {"data":[{"embedding":[1,null]}]}                        | MALFORMED | embedding 0 has null in place 1, which is no number
          {"data":[{"embedding":[1e999]}]}                         | MALFORMED | embedding 0 has "Infinity" in place 0, which is no number
          {"data":[{"embedding":["NaN"]}]}                         | MALFORMED | embedding 0 has "NaN" in place 0, which is no number
          {"error":{"message":"no such model"}}                    | IN_BAND_ERROR | no such model
          {"embeddings":[[1]]}                                     | MALFORMED | the answer has no list "data": {"embeddings":[[1]]}
          {"data":[{"embedding":[1                                 | TRUNCATED | the answer ends inside its JSON
          {"data":[{"embedding":[NaN]}]}                           | MALFORMED | the answer is not JSON: {"data":[{"embedding":[NaN]}]}
          ``                                                       | MALFORMED | the answer has no list "data":
          [1]                                                      | MALFORMED | the answer has no list "data": [1]
          """)
  void embeddingsAreNumbersForEachInput(String body, Outcome outcome, @Nullable String detail) {
    assertAnswer(
        new EmbeddingsRule(1).judge(body.getBytes(UTF_8), NOW),
        outcome,
        detail == null || !detail.endsWith(":") ? detail : detail + " ");
  }

  @Test
  void asManyEmbeddingsAsInputs() {
    var two = "{\"data\":[{\"embedding\":[1]},{\"embedding\":[2]}]}".getBytes(UTF_8);
    assertAnswer(new EmbeddingsRule(2).judge(two, NOW), Outcome.COMPLETE, null);
    assertAnswer(
        new EmbeddingsRule(3).judge(two, NOW), Outcome.TRUNCATED, "2 embeddings to 3 inputs");
  }

  private static Answer judged(Success success, String body) {
    return new SuccessRule(success).judge(body.getBytes(UTF_8), NOW);
  }

  @Test
  void aBodyThatNobodyAsksAboutIsGood() {
    assertAnswer(judged(Success.USUAL, ""), Outcome.COMPLETE, null);
    assertAnswer(judged(Success.USUAL, "\u0000<html>"), Outcome.COMPLETE, null);
  }

  @Test
  void theBodyHasToContainItsText() {
    var success = new Success(Success.USUAL.status(), Map.of(), "早", null);
    assertAnswer(judged(success, "..早.."), Outcome.COMPLETE, null);
    assertAnswer(
        judged(success, "down"), Outcome.MALFORMED, "the answer does not contain \"早\": down");
  }

  @Test
  void itsJsonHasToSayWhatIsExpected() {
    var json = new HashMap<String, Object>(Map.of("/n", 1, "/a/1/b", "ok", "/t", true));
    json.put("/z", null);
    var success = new Success(Success.USUAL.status(), json, null, null);
    var good = "{\"n\":1.0,\"a\":[0,{\"b\":\"ok\"}],\"t\":true,\"z\":null,\"more\":1}";
    assertAnswer(judged(success, good), Outcome.COMPLETE, null);
    for (var wrong :
        Map.of(
                "1.0", "/n is \"1\", not 1",
                "\"ok\"", "/a/1/b is \"1\", not \"ok\"",
                "true", "/t is \"1\", not true",
                "null", "/z is \"1\", not null")
            .entrySet()) {
      assertAnswer(
          judged(success, good.replace(wrong.getKey(), "\"1\"")),
          Outcome.MALFORMED,
          wrong.getValue());
    }
    var lacks = new Success(Success.USUAL.status(), Map.of("/q", "a"), null, null);
    assertAnswer(judged(lacks, "{}"), Outcome.MALFORMED, "/q is not there, not \"a\"");
    assertAnswer(judged(lacks, "<p>"), Outcome.MALFORMED, "the answer is not JSON: <p>");
    assertAnswer(judged(lacks, ""), Outcome.MALFORMED, "/q is not there, not \"a\"");
  }

  @Test
  void allThatIsWrongIsTold() {
    var success = new Success(Success.USUAL.status(), Map.of("", "up"), "up", null);
    assertAnswer(judged(success, "\"up\""), Outcome.COMPLETE, null);
    assertAnswer(
        judged(success, "\"down\""),
        Outcome.MALFORMED,
        "the answer does not contain \"up\": \"down\"; then the answer is \"down\", not \"up\"");
  }

  @Test
  void anAnswerWithoutEndIsNotKept() {
    var body = new WholeBody((bytes, at) -> Answer.none(Outcome.COMPLETE, "" + bytes.length));
    var mebi = new byte[1 << 20];
    for (int i = 0; i < 16; i++) {
      body.feed(mebi, 0, mebi.length, NOW);
    }
    assertThat(body.end().detail()).isEqualTo("16777216");
    body.feed(mebi, 0, 1, NOW);
    assertThat(body.end().outcome()).isEqualTo(Outcome.MALFORMED);
  }
}
