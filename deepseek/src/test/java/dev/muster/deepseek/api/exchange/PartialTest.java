package dev.muster.deepseek.api.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.api.config.WorkerApi;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.chat.Chunk;
import dev.muster.deepseek.wire.chat.Chunks;
import dev.muster.deepseek.wire.chat.TokenChain;
import dev.muster.deepseek.wire.chat.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Answers cut at every token, and gone on with as a worker does. */
class PartialTest {
  private static final int TOKENS = 9;
  private static final int THOUGHTS = 3;
  private static final int PROMPT = 5;

  private static byte[] request(String more) {
    return ("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"p\"}]" + more + "}")
        .getBytes(UTF_8);
  }

  private static Chunk data(String event) {
    return new Chunk(event.strip().substring("data: ".length()).getBytes(UTF_8));
  }

  /** The chunks of the answer behind so many tokens, as a worker tells them. */
  private static List<Chunk> worker(String id, int before) {
    var chunks = new Chunks(id, 1000 + before, "m", true, false, -1);
    var chain = new TokenChain("p");
    var all = new ArrayList<Chunk>();
    all.add(data(chunks.first()));
    for (int i = 0; i < TOKENS; i++) {
      var token = chain.next();
      if (i >= before) {
        all.add(data(i < THOUGHTS ? chunks.reasoning(token) : chunks.answer(token)));
      }
    }
    var thoughts = Math.max(0, THOUGHTS - before);
    all.add(
        data(
            chunks.last(
                "", "stop", new Usage(PROMPT + before, 0, TOKENS - before, thoughts, true))));
    return all;
  }

  private static JsonNode last(byte[] rest) {
    var messages = Json.parse(rest).path("messages");
    return messages.path(messages.size() - 1);
  }

  @Test
  void anAnswerThatIsCutAnywhereIsMadeWhole() throws IOException {
    var whole = worker("first", 0);
    for (var max : List.of("", ",\"max_tokens\":" + TOKENS)) {
      for (int cut = 1; cut <= TOKENS + 1; cut++) {
        var partial = new Partial(request(max), true, null);
        var told = new ArrayList<>(whole.subList(0, cut));
        told.forEach(partial::add);

        var rest = partial.rest();
        var prefix =
            last(rest).path("reasoning_content").asString("")
                + last(rest).path("content").asString("");
        int before = TokenChain.after("p", prefix).taken();
        boolean again = !max.isEmpty() && cut == TOKENS + 1;
        assertThat(before).as("cut %d%s", cut, max).isEqualTo(again ? TOKENS - 1 : cut - 1);
        assertThat(Json.parse(rest).path("max_tokens").asInt(TOKENS - before))
            .isEqualTo(TOKENS - before);
        for (var chunk : worker("second", before)) {
          var joined = partial.joined(chunk);
          if (joined != null) {
            told.add(joined);
            if (!joined.last()) {
              partial.add(joined);
            }
          }
        }
        assertThat(told.stream().map(Chunk::parse))
            .as("cut %d%s", cut, max)
            .containsExactlyElementsOf(whole.stream().map(Chunk::parse).toList());
      }
    }
  }

  @Test
  void itIsGoneOnWithTwice() throws IOException {
    var partial = new Partial(request(""), true, null);
    worker("first", 0).subList(0, 3).forEach(partial::add);
    partial.rest();
    for (var chunk : worker("second", 2).subList(0, 4)) {
      var joined = partial.joined(chunk);
      if (joined != null) {
        partial.add(joined);
      }
    }
    assertThat(last(partial.rest()).path("reasoning_content").asString("").split(" ")).hasSize(3);
    assertThat(last(partial.rest()).path("content").asString("").split(" ")).hasSize(2);
    var end = Objects.requireNonNull(partial.joined(worker("third", 5).getLast()));
    var usage = Usage.of(end.parse().path("usage"));
    assertThat(usage).isEqualTo(new Usage(PROMPT, 0, TOKENS, THOUGHTS, true));
  }

  /** As llama.cpp does with letters of several tokens; the prefix may be other tokens to it. */
  @Test
  void whatAnEngineCountsWinsOverItsChunks() throws IOException {
    var partial = new Partial(request(",\"max_tokens\":10"), true, null);
    partial.add(engines("first", "{\"content\":\"a\"}", "null", 1));
    partial.add(engines("first", "{\"content\":\"\uD83D\uDE42\"}", "null", 3));
    assertThat(Json.parse(partial.rest()).path("max_tokens").asInt()).isEqualTo(6);
    var more = partial.joined(engines("second", "{\"content\":\"\u6f22\"}", "null", 2));
    partial.add(Objects.requireNonNull(more));
    assertThat(Json.parse(partial.rest()).path("max_tokens").asInt()).isEqualTo(4);
    var usage = ",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4}";
    var end = engines("third", "{}", "\"length\"", 0, usage);
    var whole = Objects.requireNonNull(partial.joined(end)).parse();
    assertThat(Usage.of(whole.path("usage"))).isEqualTo(new Usage(7, 0, 10, 0, false));
  }

  private static Chunk engines(String id, String delta, String finish, int tokens, String... more) {
    var json =
        "{\"id\":\"%s\",\"created\":1,\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]%s}"
            .formatted(id, delta, finish, String.join("", more));
    return new Chunk(json.getBytes(UTF_8), tokens, 7);
  }

  @Test
  void whereTheClientHasNoTextThereIsNoPrefix() {
    var partial = new Partial(request(""), true, null);
    partial.add(worker("first", 0).getFirst());
    assertThat(last(partial.rest()).path("role").asString("")).isEqualTo("user");
  }

  @Test
  void textWithEscapesStaysWhatItIs() {
    var partial = new Partial(request(""), true, null);
    var text = "say \"hi\\there\" \n\u00e9\uD83D\uDE00 ";
    partial.add(
        data(
            "data: {\"id\":\"a\",\"choices\":[{\"delta\":{\"content\":"
                + Json.quote(text)
                + "}}]}"));
    assertThat(last(partial.rest()).path("content").asString("")).isEqualTo(text);
    assertThat(last(partial.rest()).path("prefix").asBoolean()).isTrue();
  }

  @Test
  void whatNoPrefixCanGoOnWithIsNamed() {
    assertThat(new Partial(request(""), true, null).hindrance(WorkerApi.DEEPSEEK)).isEmpty();
    assertThat(
            new Partial(request(",\"n\":1,\"tools\":null,\"logprobs\":false"), true, null)
                .hindrance(WorkerApi.DEEPSEEK))
        .isEmpty();
    assertThat(
            new Partial(request(",\"response_format\":{\"type\":\"text\"}"), true, null)
                .hindrance(WorkerApi.DEEPSEEK))
        .isEmpty();
    assertThat(
            new Partial(request(",\"grammar\":\"root ::= x\""), true, null)
                .hindrance(WorkerApi.OPENAI))
        .isEqualTo("grammar");
    assertThat(
            new Partial(request(",\"grammar\":null,\"top_k\":1"), true, null)
                .hindrance(WorkerApi.OPENAI))
        .isEmpty();
    assertThat(new Partial(request(",\"n\":2"), true, null).hindrance(WorkerApi.DEEPSEEK))
        .isEqualTo("n");
    assertThat(new Partial(request(",\"tools\":[{}]"), true, null).hindrance(WorkerApi.DEEPSEEK))
        .isEqualTo("tools");
    assertThat(new Partial(request(",\"logprobs\":true"), true, null).hindrance(WorkerApi.DEEPSEEK))
        .isEqualTo("logprobs");
    assertThat(
            new Partial(request(",\"response_format\":{\"type\":\"json_object\"}"), true, null)
                .hindrance(WorkerApi.DEEPSEEK))
        .isEqualTo("response_format");
  }
}
