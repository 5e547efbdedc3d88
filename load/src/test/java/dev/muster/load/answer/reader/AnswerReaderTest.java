package dev.muster.load.answer.reader;

import static dev.muster.load.answer.Tokens.DONE;
import static dev.muster.load.answer.Tokens.chunk;
import static dev.muster.load.answer.Tokens.last;
import static dev.muster.load.answer.Tokens.thought;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.load.answer.Answer;
import dev.muster.load.answer.AnswerRules;
import dev.muster.load.answer.AnswerRules.Usage;
import dev.muster.load.answer.Tokens;
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
  private static final AnswerRules CHAINED = new AnswerRules(Usage.REQUIRED, true);
  private static final AnswerRules PLAIN = new AnswerRules(Usage.REQUIRED, false);
  private static final AnswerRules FREE = new AnswerRules(Usage.OPTIONAL, false);
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aWholeStreamIsComplete() {
    var answer = read(CHAINED, Tokens.stream(PROMPT, 20));
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
            CHAINED,
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
    var answer = read(CHAINED, stream + last("stop", 12) + DONE);
    assertThat(answer.outcome()).as(answer.detail()).isEqualTo(Outcome.COMPLETE);
    assertThat(answer.tokens()).isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "length", "tool_calls", "function_call", "content_filter"})
  void anyTextWithAGoodEndIsComplete(String reason) {
    var answer = read(chunk("Hello") + chunk(" world, 1.0 ") + last(reason, 7) + DONE);
    assertThat(answer.outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(answer.tokens()).isEqualTo(7);
    assertThat(answer.finishReason()).isEqualTo(reason);
    assertThat(answer.countedByChunk()).isFalse();
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
    assertOutcome(Outcome.TRUNCATED, text + last("tired", 1) + DONE);
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
  void aUsageChunkMayHaveAChoiceThatSaysNothingNew() {
    var bare = last("stop", 1).replace(",\"usage\":{\"completion_tokens\":1}", "");
    for (var choice :
        new String[] {
          "{\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}",
          "{\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\"}",
          "{\"delta\":{\"content\":null,\"tool_calls\":[]}}",
          "{\"index\":0}"
        }) {
      var usage =
          "data: {\"choices\":[%s],\"usage\":{\"completion_tokens\":7}}\n\n".formatted(choice);
      assertThat(read(chunk("a") + bare + usage + DONE).outcome())
          .as(choice)
          .isEqualTo(Outcome.COMPLETE);
      var nothingCounted = usage.replace("{\"completion_tokens\":7}", "null");
      assertOutcome(Outcome.MALFORMED, chunk("a") + last("stop", 1) + nothingCounted + DONE);
    }
    for (var choice :
        new String[] {
          "{\"delta\":{\"content\":\"b\"}}", "{\"delta\":{},\"finish_reason\":\"length\"}"
        }) {
      var usage =
          "data: {\"choices\":[%s],\"usage\":{\"completion_tokens\":7}}\n\n".formatted(choice);
      assertOutcome(Outcome.MALFORMED, chunk("a") + bare + usage + DONE);
    }
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
    for (var reason : List.of("abort", "aborted", "error")) {
      assertOutcome(Outcome.IN_BAND_ERROR, chunk("a") + last(reason, 1) + DONE);
    }
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

  @Test
  void chunksAreCountedWhereUsageIsOptionalAndThereIsNone() {
    var noUsage = last("stop", 1).replace(",\"usage\":{\"completion_tokens\":1}", "");
    assertThat(read(FREE, chunk("a ") + chunk("b ") + chunk("\\n") + noUsage + DONE))
        .extracting(Answer::outcome, Answer::tokens, Answer::countedByChunk)
        .containsExactly(Outcome.COMPLETE, 3, true);
    assertThat(read(FREE, chunk("a ") + chunk("b ") + last("stop", 7) + DONE))
        .extracting(Answer::outcome, Answer::tokens, Answer::countedByChunk)
        .containsExactly(Outcome.COMPLETE, 7, false);
    assertThat(read(FREE, noUsage + DONE).countedByChunk()).isFalse();
  }

  @Test
  void aCountThatNobodyCanMeanIsNone() {
    for (var count :
        List.of("1e30", "99999999999999999999", "-3", "\"7\"", "1e999", "null", "{}")) {
      var end =
          last("stop", 1).replace("\"completion_tokens\":1", "\"completion_tokens\":" + count);
      assertThat(read(chunk("a") + end + DONE))
          .as(count)
          .extracting(Answer::outcome, Answer::detail)
          .containsExactly(Outcome.MALFORMED, "finish_reason stop, and no usage");
    }
  }

  @Test
  void textIsJudgedAsNumberedTokensOnlyWhereTheyAreAnnounced() {
    var stream = chunk("1.41421356 is its root ") + last("stop", 5) + DONE;
    assertThat(read(stream))
        .extracting(Answer::outcome, Answer::checked)
        .containsExactly(Outcome.COMPLETE, false);
    assertThat(read(CHAINED, stream).outcome()).isEqualTo(Outcome.CORRUPT);
    assertThat(read(CHAINED, chunk("Hello") + last("stop", 5) + DONE))
        .extracting(Answer::outcome, Answer::detail, Answer::checked)
        .containsExactly(Outcome.CORRUPT, "foreign text \"Hello\" after token 0", true);
    assertThat(read(CHAINED, "").checked()).isFalse();
    assertThat(AnswerRules.of(Usage.REQUIRED, " Chain ").chain()).isTrue();
    assertThat(AnswerRules.of(Usage.REQUIRED, "none").chain()).isFalse();
    assertThat(AnswerRules.of(Usage.REQUIRED, null).chain()).isFalse();
  }

  @Test
  void everyFlawIsToldAndTheFirstIsTheOutcome() {
    var tokens = Tokens.of(PROMPT, 2);
    var doubled = chunk(tokens.get(0)) + chunk(tokens.get(1)) + chunk(tokens.get(1));
    var duplicate = "duplicate: token 2 came again after token 2";
    var reader = new AnswerReader(CHAINED, PROMPT);
    feed(reader, doubled);
    assertThat(reader.cut(Outcome.TIMED_OUT, "not complete after 5 s"))
        .extracting(Answer::outcome, Answer::detail, Answer::tokens)
        .containsExactly(Outcome.CORRUPT, duplicate + "; then not complete after 5 s", 3);
    assertThat(read(CHAINED, doubled + "data: oops\n\ndata: oops\n\n"))
        .extracting(Answer::outcome, Answer::detail)
        .containsExactly(
            Outcome.CORRUPT,
            duplicate
                + "; then an event that is not JSON: oops"
                + "; then the stream ended without a finish_reason");
  }

  @Test
  void aCutIsTheOutcomeUnlessSomethingWasWrongBeforeOrAllWasThere() {
    var whole = chunk("a") + last("stop", 1) + DONE;
    assertThat(cut(chunk("a")))
        .extracting(Answer::outcome, Answer::detail)
        .containsExactly(Outcome.TIMED_OUT, "why");
    assertThat(cut("").outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(cut(chunk("a") + last("stop", 1)).detail()).isEqualTo("why");
    assertThat(cut("data: {\"error\":\"x\"}\n\n"))
        .extracting(Answer::outcome, Answer::detail)
        .containsExactly(Outcome.IN_BAND_ERROR, "x; then why");
    assertThat(cut(whole).outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(cut(whole + ": bye\n").outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(cut(whole.substring(0, whole.length() - 1)).outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(cut(chunk("a") + DONE).detail()).isEqualTo("[DONE] without a finish_reason");
    assertThat(cut("<html>\n").outcome()).isEqualTo(Outcome.MALFORMED);
    assertThat(cut("dat").outcome()).isEqualTo(Outcome.TIMED_OUT);
  }

  private static Answer cut(String stream) {
    var reader = new AnswerReader(PLAIN, PROMPT);
    feed(reader, stream);
    return reader.cut(Outcome.TIMED_OUT, "why");
  }

  @Test
  void whatCanNotBeReadOnIsMalformedInItsOwnWords() {
    var reader = new AnswerReader(PLAIN, PROMPT);
    feed(reader, chunk("a"));
    assertThat(reader.broken()).isFalse();
    reader.feed(new byte[] {'d', (byte) 0xff, '\n'}, 0, 3, T0);
    assertThat(reader.broken()).isTrue();
    feed(reader, last("stop", 1) + DONE);
    assertThat(reader.done()).isFalse();
    assertThat(reader.end())
        .extracting(Answer::outcome, Answer::detail, Answer::tokens)
        .containsExactly(Outcome.MALFORMED, "a line of the stream is not UTF-8", 1);
    assertThat(
            new AnswerReader(PLAIN, PROMPT).whole(new byte[] {'"', (byte) 0xff, '"'}, T0).detail())
        .isEqualTo("the answer is not UTF-8");
  }

  private static Outcome whole(String body) {
    return new AnswerReader(CHAINED, PROMPT)
        .whole(body.getBytes(StandardCharsets.UTF_8), T0)
        .outcome();
  }

  private static void assertFlaw(String what, java.util.function.Consumer<List<String>> harm) {
    var tokens = new ArrayList<>(Tokens.of(PROMPT, 10));
    harm.accept(tokens);
    var stream = new StringBuilder();
    tokens.forEach(token -> stream.append(chunk(token)));
    var answer = read(CHAINED, stream + last("length", 10) + DONE);
    assertThat(answer.outcome()).isEqualTo(Outcome.CORRUPT);
    assertThat(answer.detail()).contains(what);
  }

  private static void assertOutcome(Outcome outcome, String stream) {
    var answer = read(stream);
    assertThat(answer.outcome()).as("%s of %s", answer.detail(), stream).isEqualTo(outcome);
    assertThat(answer.detail() == null).isEqualTo(outcome == Outcome.COMPLETE);
  }

  private static Answer read(String stream) {
    return read(PLAIN, stream);
  }

  /** Events come 10 ms apart. */
  private static Answer read(AnswerRules rules, String stream) {
    var reader = new AnswerReader(rules, PROMPT);
    feed(reader, stream);
    return reader.end();
  }

  private static void feed(AnswerReader reader, String stream) {
    var at = T0;
    for (var event : stream.split("(?<=\n\n)", -1)) {
      var bytes = event.getBytes(StandardCharsets.UTF_8);
      reader.feed(bytes, 0, bytes.length, at);
      at = event.startsWith(":") ? at : at.plusMillis(10);
    }
  }
}
