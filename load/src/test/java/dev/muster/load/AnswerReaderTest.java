package dev.muster.load;

import static dev.muster.load.Tokens.DONE;
import static dev.muster.load.Tokens.chunk;
import static dev.muster.load.Tokens.last;
import static dev.muster.load.Tokens.thought;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
  private static final String PROMPT = "Request r-1. 讲个故事";
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aWholeStreamIsComplete() {
    var answer = read(Tokens.stream(PROMPT, 20));
    assertThat(answer.outcome()).as(answer.detail()).isEqualTo(Outcome.COMPLETE);
    assertThat(answer.detail()).isNull();
    assertThat(answer.tokens()).isEqualTo(20);
    assertThat(answer.longestGapMillis()).isEqualTo(10);
  }

  @Test
  void reasoningAndAnswerShareOneChain() {
    var tokens = Tokens.of(PROMPT, 3);
    var answer =
        read(
            thought(tokens.get(0))
                + thought(tokens.get(1))
                + chunk(tokens.get(2))
                + last("stop", 3)
                + DONE);
    assertThat(answer.outcome()).as(answer.detail()).isEqualTo(Outcome.COMPLETE);
    assertThat(answer.firstReasoningToken()).isEqualTo(T0);
    assertThat(answer.firstAnswerToken()).isEqualTo(T0.plusMillis(20));
    assertThat(answer.lastToken()).isEqualTo(T0.plusMillis(20));
  }

  @Test
  void tokensMayBeCutAnywhere() {
    var text = String.join("", Tokens.of(PROMPT, 12));
    var stream = new StringBuilder();
    text.chars().forEach(c -> stream.append(chunk(Character.toString(c))));
    var answer = read(stream + last("stop", 12) + DONE);
    assertThat(answer.outcome()).as(answer.detail()).isEqualTo(Outcome.COMPLETE);
    assertThat(answer.tokens()).isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "length", "tool_calls"})
  void anyTextWithAGoodEndIsComplete(String reason) {
    var answer = read(chunk("Hello") + chunk(" world, 1.0 ") + last(reason, 7) + DONE);
    assertThat(answer.outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(answer.tokens()).isEqualTo(7);
  }

  @Test
  void anAnswerWithoutASingleTokenIsNoneHoweverWellItEnds() {
    for (var claimed : List.of(0, 7)) {
      var answer = read(last("stop", claimed) + DONE);
      assertThat(answer.outcome()).isEqualTo(Outcome.TRUNCATED);
      assertThat(answer.detail()).isEqualTo("finish_reason stop, and not one token");
    }
  }

  @Test
  void theEndIsStrict() {
    var text = chunk("Hello");
    assertOutcome(Outcome.TRUNCATED, "");
    assertOutcome(Outcome.TRUNCATED, text);
    assertOutcome(Outcome.TRUNCATED, text + DONE);
    assertOutcome(Outcome.TRUNCATED, text + last("stop", 1));
    assertOutcome(Outcome.TRUNCATED, text + last("stop", 1) + "data: [DONE]");
    assertOutcome(Outcome.TRUNCATED, text + last("stop", 1) + "data: [DONE]\n");
    assertOutcome(Outcome.TRUNCATED, text + last("content_filter", 1) + DONE);
    assertOutcome(Outcome.COMPLETE, text + last("stop", 1) + DONE);
    assertOutcome(Outcome.COMPLETE, text + last("stop", 1) + DONE + ": keep-alive\n\n");
  }

  @Test
  void whatBreaksTheProtocolIsMalformed() {
    assertOutcome(Outcome.MALFORMED, "data: <html>\n\n");
    assertOutcome(Outcome.MALFORMED, "data: 1\n\n");
    assertOutcome(Outcome.MALFORMED, chunk("a") + last("stop", 1) + DONE + chunk("b"));
    assertOutcome(Outcome.MALFORMED, chunk("a") + last("stop", 1) + chunk("b") + DONE);
    var noUsage = last("stop", 1).replace("\"usage\":{\"completion_tokens\":1}", "\"usage\":null");
    assertOutcome(Outcome.MALFORMED, chunk("a") + noUsage + DONE);
  }

  @Test
  void tokensMayBeCountedInAChunkOfTheirOwn() {
    var bare = last("stop", 1).replace(",\"usage\":{\"completion_tokens\":1}", "");
    assertThat(bare).doesNotContain("usage");
    var usage = "data: {\"choices\":[],\"usage\":{\"completion_tokens\":7}}\n\n";
    assertThat(read(chunk("a") + bare + usage + DONE))
        .extracting(Answer::outcome, Answer::tokens)
        .containsExactly(Outcome.COMPLETE, 7);
    assertOutcome(Outcome.TRUNCATED, chunk("a") + bare + usage);
  }

  @Test
  void anErrorInsideA200IsAnError() {
    var error = "data: {\"error\":{\"message\":\"engine died\"}}\n\n";
    assertThat(read(chunk("a") + error + DONE))
        .extracting(Answer::outcome, Answer::detail)
        .containsExactly(Outcome.IN_BAND_ERROR, "engine died");
    assertOutcome(Outcome.IN_BAND_ERROR, chunk("a") + error);
    assertOutcome(
        Outcome.IN_BAND_ERROR, chunk("a") + last("insufficient_system_resource", 1) + DONE);
    assertOutcome(Outcome.IN_BAND_ERROR, chunk("a") + last("aborted", 1) + DONE);
  }

  @Test
  void missingDoubledAndForeignTokensAreProven() {
    assertFlaw("gap: token 5 came after token 3", tokens -> tokens.remove(3));
    assertFlaw("gap: token 2 came after token 0", tokens -> tokens.remove(0));
    assertFlaw("duplicate: token 4 came again", tokens -> tokens.add(4, tokens.get(3)));
    assertFlaw("foreign: token 6", tokens -> tokens.set(5, Tokens.of("other", 6).get(5)));
    assertFlaw("usage counts 10 tokens, 9 came", tokens -> tokens.remove(9));
    assertFlaw("foreign text \"sorry\"", tokens -> tokens.add(5, "sorry"));
    assertFlaw("ends inside a token", tokens -> tokens.set(9, "10."));
    assertFlaw(
        "foreign: token 1 ",
        tokens -> tokens.replaceAll(t -> t.replaceAll("[0-9a-f]{8}", "00000000")));
  }

  @Test
  void aWholeAnswerIsJudgedLikeAStream() {
    var text = String.join("", Tokens.of(PROMPT, 5));
    var body =
        "\n\n{\"choices\":[{\"message\":{\"content\":\"%s\"},\"finish_reason\":\"stop\"}],\"usage\":{\"completion_tokens\":5}}"
            .formatted(text);
    assertThat(whole(body)).isEqualTo(Outcome.COMPLETE);
    assertThat(whole(body.replace("3.", "4."))).isEqualTo(Outcome.CORRUPT);
    assertThat(whole(body.replace("stop", "aborted"))).isEqualTo(Outcome.IN_BAND_ERROR);
    assertThat(whole("{\"error\":{\"message\":\"x\"}}")).isEqualTo(Outcome.IN_BAND_ERROR);
    assertThat(whole(body.substring(0, body.length() - 3))).isEqualTo(Outcome.TRUNCATED);
    assertThat(whole("<html>")).isEqualTo(Outcome.MALFORMED);
    assertThat(whole("{}")).isEqualTo(Outcome.MALFORMED);
    assertThat(whole("")).isNotEqualTo(Outcome.COMPLETE);
  }

  private static Outcome whole(String body) {
    return new AnswerReader(PROMPT).whole(body, T0).outcome();
  }

  private static void assertFlaw(String what, java.util.function.Consumer<List<String>> harm) {
    var tokens = new ArrayList<>(Tokens.of(PROMPT, 10));
    harm.accept(tokens);
    var stream = new StringBuilder();
    tokens.forEach(token -> stream.append(chunk(token)));
    var answer = read(stream + last("length", 10) + DONE);
    assertThat(answer.outcome()).isEqualTo(Outcome.CORRUPT);
    assertThat(answer.detail()).contains(what);
  }

  private static void assertOutcome(Outcome outcome, String stream) {
    var answer = read(stream);
    assertThat(answer.outcome()).as("%s of %s", answer.detail(), stream).isEqualTo(outcome);
    assertThat(answer.detail() == null).isEqualTo(outcome == Outcome.COMPLETE);
  }

  /** Events come 10 ms apart. */
  private static Answer read(String stream) {
    var reader = new AnswerReader(PROMPT);
    var bytes = stream.getBytes(StandardCharsets.UTF_8);
    var at = T0;
    for (var event : new SseParser().feed(bytes, 0, bytes.length)) {
      reader.event(event, at);
      at = at.plusMillis(10);
    }
    return reader.endOfStream();
  }
}
