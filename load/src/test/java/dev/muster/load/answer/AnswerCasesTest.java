package dev.muster.load.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.load.answer.AnswerRules.Usage;
import dev.muster.load.answer.reader.AnswerReader;
import dev.muster.timeline.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers as servers and gateways of many makes give them, each whole and byte by byte. */
class AnswerCasesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ROLE = delta("\"role\":\"assistant\",\"content\":\"\"");
  private static final String TEXT = delta("\"content\":\"one \"") + delta("\"content\":\"two \"");
  private static final String STOP = finish("stop");
  private static final String USAGE = chunk("", 2);
  private static final String DONE = data("[DONE]");
  private static final String GOOD = ROLE + TEXT + STOP + USAGE + DONE;

  private static String data(String data) {
    return "data: " + data + "\n\n";
  }

  private static String chunk(String choice, int tokens) {
    var usage =
        "{\"prompt_tokens\":9,\"completion_tokens\":%d,\"total_tokens\":%d}"
            .formatted(tokens, tokens + 9);
    return data(
        "{\"id\": \"c1\", \"object\": \"chat.completion.chunk\", \"choices\": [%s], \"usage\": %s}"
            .formatted(choice, tokens < 0 ? "null" : usage));
  }

  private static String choice(String delta, @Nullable String reason) {
    return "{\"index\": 0, \"delta\": {%s}, \"finish_reason\": %s}"
        .formatted(delta, reason == null ? "null" : '"' + reason + '"');
  }

  private static String delta(String delta) {
    return chunk(choice(delta, null), -1);
  }

  private static String finish(String reason) {
    return chunk(choice("", reason), -1);
  }

  private static Arguments complete(String name, String body, int tokens) {
    return row(name, body, Outcome.COMPLETE, null, tokens);
  }

  private static Arguments row(
      String name, String body, Outcome outcome, @Nullable String detail, int tokens) {
    return Arguments.of(name, body, outcome, detail, tokens);
  }

  private static String each(UnaryOperator<String> event) {
    var all = new StringBuilder();
    for (var one : GOOD.split("(?<=\n\n)", 0)) {
      all.append(event.apply(one));
    }
    return all.toString();
  }

  private static Stream<Arguments> wellFormed() {
    var counted = choice("\"content\":\"w \"", null);
    var tool = "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]";
    return Stream.of(
        complete("usage in a chunk of its own", GOOD, 2),
        complete("usage beside finish_reason", TEXT + chunk(choice("", "stop"), 2) + DONE, 2),
        complete("CRLF", GOOD.replace("\n", "\r\n"), 2),
        complete("CR", GOOD.replace("\n", "\r"), 2),
        complete("byte order mark", "\uFEFF" + GOOD, 2),
        complete("no space after the colon", GOOD.replace("data: ", "data:"), 2),
        complete("data over many lines", GOOD.replace(", \"", ",\ndata: \""), 2),
        complete("comments between", each(event -> ": ping\n\n" + event), 2),
        complete("comments inside", each(event -> ": ping\n" + event), 2),
        complete("bare colons", each(event -> ":\n\n" + event), 2),
        complete("only a retry", "retry: 3000\n\n" + GOOD, 2),
        complete("ids and names", each(event -> "id: 7\nevent: message\n" + event), 2),
        complete("data without content", ROLE + "data:\n\n" + TEXT + STOP + USAGE + DONE, 2),
        complete(
            "data of a blank", ROLE + "data: \n\ndata:  \t\n\n" + TEXT + STOP + USAGE + DONE, 2),
        complete("a comment as data", ROLE + data(": PROCESSING") + GOOD, 2),
        complete("a ping", ROLE + "event: ping\ndata: {\"type\":\"ping\"}\n\n" + GOOD, 2),
        complete("a ping without JSON", "event: ping\ndata: 12:30\n\n" + GOOD, 2),
        complete("a ping after the end", GOOD + "event: ping\ndata: {}\n\n", 2),
        complete(
            "usage in every chunk", chunk(counted, 1) + chunk(counted, 2) + STOP + USAGE + DONE, 2),
        complete(
            "usage with an empty choice",
            TEXT + STOP + chunk(choice("\"content\":\"\"", null), 2) + DONE,
            2),
        complete(
            "usage with finish_reason again", TEXT + STOP + chunk(choice("", "stop"), 2) + DONE, 2),
        complete(
            "finish_reason on the last text",
            TEXT + chunk(choice("\"content\":\"end\"", "length"), -1) + USAGE + DONE,
            2),
        complete(
            "finish_reason of nothing", TEXT.replace("null}]", "\"\"}]") + STOP + USAGE + DONE, 2),
        complete("a filter", ROLE + TEXT + finish("content_filter") + USAGE + DONE, 2),
        complete("content null", delta("\"role\":\"assistant\",\"content\":null") + GOOD, 2),
        complete("tool calls", delta(tool) + finish("tool_calls") + USAGE + DONE, 2),
        complete("the filter's first word", chunk("", -1) + GOOD, 2),
        complete(
            "characters of many bytes", delta("\"content\":\"早上好 😀 ё\"") + STOP + USAGE + DONE, 2),
        complete(
            "like numbered tokens",
            delta("\"content\":\"1.41421356 is\"") + STOP + USAGE + DONE,
            2),
        complete("a comment after the end", GOOD + ": bye\n\n", 2));
  }

  private static Stream<Arguments> flawed() {
    var noFinish = "the stream ended without a finish_reason";
    var noDone = "finish_reason stop, but the stream ended without a terminated [DONE]";
    var inside = "; it stops inside an event";
    var begun = ROLE + TEXT;
    return Stream.of(
        row(
            "no usage",
            begun + STOP + DONE,
            Outcome.MALFORMED,
            "finish_reason stop, and no usage",
            2),
        row(
            "no finish_reason",
            begun + USAGE + DONE,
            Outcome.TRUNCATED,
            "[DONE] without a finish_reason",
            2),
        row("no [DONE]", begun + STOP + USAGE, Outcome.TRUNCATED, noDone, 2),
        row(
            "[DONE] with a line end",
            begun + STOP + USAGE + "data: [DONE]\n",
            Outcome.TRUNCATED,
            noDone + inside,
            2),
        row(
            "[DONE] without",
            begun + STOP + USAGE + "data: [DONE]",
            Outcome.TRUNCATED,
            noDone + inside,
            2),
        row("[DONE] twice", GOOD + DONE, Outcome.MALFORMED, "an event after [DONE]: [DONE]", 2),
        row("nothing", "", Outcome.TRUNCATED, noFinish, 0),
        row(
            "aborted",
            begun + finish("abort") + USAGE + DONE,
            Outcome.IN_BAND_ERROR,
            "finish_reason abort",
            2),
        row(
            "failed",
            begun + finish("error") + USAGE + DONE,
            Outcome.IN_BAND_ERROR,
            "finish_reason error",
            2),
        error(
            "an object",
            begun + data("{\"error\":{\"message\":\"engine died\",\"code\":500}}") + DONE,
            "engine died"),
        error(
            "text",
            begun + data("{\"error\":\"no room\",\"error_type\":\"generation\"}"),
            "no room"),
        error("without words", begun + data("{\"error\":{\"code\":7}}"), "{\"code\":7}"),
        error(
            "older vLLM",
            begun + data("{\"object\":\"error\",\"message\":\"too long\",\"code\":400}"),
            "too long"),
        error(
            "named",
            begun
                + "event: error\n"
                + "data: {\"type\":\"error\",\"error\":{\"message\":\"Overloaded\"}}\n\n",
            "Overloaded"),
        error(
            "named, plain",
            begun + "event: error\ndata: {\"message\":\"worker lost\",\"code\":500}\n\n" + DONE,
            "worker lost"),
        error(
            "named, no JSON",
            begun + "event: error\ndata: upstream went away\n\n",
            "upstream went away"),
        error("named, no words", begun + "event: error\ndata:\n\n", "an error event without words"),
        error(
            "unframed",
            "{\"error\":{\"code\":400,\"message\":\"prompt too long\"}}\n",
            "prompt too long"),
        error("unframed, no line end", "{\"detail\":\"Not Found\"}", "Not Found"),
        error(
            "unframed, printed",
            "{\n  \"error\": {\n    \"message\": \"broken\"\n  }\n}",
            "broken"),
        error("unframed, later", begun + "{\"error\":\"gone\"}\n", "gone"),
        row(
            "a page",
            "<html>\n<p>Bad\n",
            Outcome.MALFORMED,
            "not an event stream, although it says so: <html> <p>Bad ",
            0));
  }

  private static Arguments error(String name, String body, String words) {
    return row("error: " + name, body, Outcome.IN_BAND_ERROR, words, body.startsWith("{") ? 0 : 2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"wellFormed", "flawed"})
  void eachIsWhatItIs(
      String name, String body, Outcome outcome, @Nullable String detail, int tokens) {
    for (int piece : new int[] {1 << 20, 1, 7}) {
      assertThat(read(Usage.REQUIRED, body, piece))
          .as("%s, in pieces of %d", name, piece)
          .extracting(Answer::outcome, Answer::detail, Answer::tokens)
          .containsExactly(outcome, detail, tokens);
    }
  }

  @ParameterizedTest
  @MethodSource("reasoningNames")
  void reasoningHasManyNames(String fields) {
    var answer = read(Usage.REQUIRED, delta(fields) + STOP + USAGE + DONE, 1 << 20);
    assertThat(answer.outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(answer.firstReasoningToken()).isEqualTo(NOW);
    assertThat(answer.firstAnswerToken()).isNull();
  }

  private static Stream<String> reasoningNames() {
    return Stream.of(
        "\"reasoning\":\"so\"",
        "\"reasoning_content\":\"so\"",
        "\"reasoning\":\"so\",\"reasoning_content\":\"so\"",
        "\"content\":\"\",\"reasoning\":\"so\",\"reasoning_content\":null");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wellFormed")
  void whereUsageIsOptionalNothingElseChanges(
      String name, String body, Outcome outcome, @Nullable String detail, int tokens) {
    assertThat(read(Usage.OPTIONAL, body, 1 << 20))
        .as(name)
        .extracting(Answer::outcome, Answer::tokens, Answer::countedByChunk)
        .containsExactly(outcome, tokens, false);
  }

  private static Answer read(Usage usage, String body, int piece) {
    var reader = new AnswerReader(new AnswerRules(usage, false), "");
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; from += piece) {
      reader.feed(bytes, from, Math.min(piece, bytes.length - from), NOW);
    }
    return reader.end();
  }
}
