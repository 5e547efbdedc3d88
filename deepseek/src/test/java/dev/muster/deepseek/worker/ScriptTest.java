package dev.muster.deepseek.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.chat.ChatRequest;
import dev.muster.deepseek.wire.chat.TokenChain;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptTest {
  private static final int NO_LIMIT = 1_000_000;

  private static Script script(String prefix, int limit, String more) {
    var body =
        "{\"model\":\"m\",\"thinking\":{\"type\":\"disabled\"},\"messages\":[{\"role\":\"user\",\"content\":\"json\"},{\"role\":\"assistant\",\"prefix\":true,\"content\":\"%s\"}]%s}"
            .formatted(prefix, more);
    return Script.of(ChatRequest.parse(body.getBytes(UTF_8)), limit, 0.2);
  }

  private static List<String> told(Script script) {
    var told = new ArrayList<String>();
    for (int i = 0; i < script.told(); i++) {
      told.add(
          switch (script.pieces().next()) {
            case Script.Piece.Thought(var text) -> "(" + text + ")";
            case Script.Piece.Text(var text) -> text;
            case Script.Piece.Call(_, var id, var name) -> id + " " + name + " ";
            case Script.Piece.Arguments(_, var part) -> part;
          });
    }
    return told;
  }

  @Test
  void itsEndIsLengthOnlyWhereMoreWouldHaveCome() {
    assertThat(script("", 9, ",\"max_tokens\":8").finishReason()).isEqualTo("length");
    assertThat(script("", 9, ",\"max_tokens\":9").finishReason()).isEqualTo("stop");
    assertThat(script("", 9, ",\"max_tokens\":10").total()).isEqualTo(9);
    assertThat(script("", NO_LIMIT, "").finishReason()).isEqualTo("stop");
    assertThat(script("", NO_LIMIT, ",\"max_completion_tokens\":3").finishReason())
        .isEqualTo("length");
  }

  /** Stop sequences that begin and end anywhere, in an answer that is gone on with anywhere. */
  @Test
  void aStopSequenceCutsTheAnswerWhoeverGoesOnWithIt() {
    int tokens = 5;
    var all = new StringBuilder();
    var chain = new TokenChain("json");
    for (int i = 0; i < tokens; i++) {
      all.append(chain.next());
    }
    for (int from = 0; from < all.length(); from++) {
      for (int to = from + 1; to <= Math.min(all.length(), from + 14); to++) {
        var stop = all.substring(from, to);
        var more = ",\"max_tokens\":" + tokens + ",\"stop\":" + Json.quote(stop);
        var whole = script("", NO_LIMIT, more);
        var pieces = told(whole);
        assertThat(String.join("", pieces) + whole.rest())
            .as("stop at '%s'", stop)
            .isEqualTo(all.substring(0, all.indexOf(stop)));
        assertThat(whole.finishReason()).isEqualTo("stop");
        for (int had = 0; had < pieces.size(); had++) {
          var prefix = String.join("", pieces.subList(0, had));
          var left = ",\"max_tokens\":" + (tokens - had) + ",\"stop\":" + Json.quote(stop);
          var rest = script(prefix, NO_LIMIT, left);
          assertThat(prefix + String.join("", told(rest)) + rest.rest())
              .as("stop at '%s' after '%s'", stop, prefix)
              .isEqualTo(all.substring(0, all.indexOf(stop)));
          assertThat(had + rest.total()).isEqualTo(whole.total());
        }
      }
    }
  }

  @Test
  void aJsonObjectHasTheChainInItsStrings() {
    var format = ",\"response_format\":{\"type\":\"json_object\"}";
    var whole = script("", NO_LIMIT, format);
    var tokens = Json.parse(String.join("", told(whole))).path("tokens");
    var chain = new TokenChain("json");
    assertThat(tokens.size()).isEqualTo(whole.total()).isGreaterThanOrEqualTo(8);
    tokens.forEach(token -> assertThat(token.asString()).isEqualTo(chain.next().strip()));
    assertThat(whole.finishReason()).isEqualTo("stop");
    assertThat(script("", NO_LIMIT, format + ",\"max_tokens\":3").finishReason())
        .isEqualTo("length");
  }

  @Test
  void aCallHasArgumentsThatItsSchemaAsksFor() {
    var tools =
        ",\"tool_choice\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"string\"}}}}}]";
    var whole = script("", NO_LIMIT, tools);
    assertThat(String.join("", told(whole)))
        .matches("call_0_[0-9a-f]{8} f \\{\"a\":\"2\\.[0-9a-f]{8}\"}");
    assertThat(whole.finishReason()).isEqualTo("tool_calls");
    assertThat(script("", NO_LIMIT, tools + ",\"max_tokens\":2").finishReason())
        .isEqualTo("length");
  }
}
