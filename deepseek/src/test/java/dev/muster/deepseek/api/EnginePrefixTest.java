package dev.muster.deepseek.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.api.exchange.Partial;
import dev.muster.deepseek.api.upstream.Upstream;
import dev.muster.deepseek.engine.LlamaServer;
import dev.muster.deepseek.wire.chat.Chunk;
import dev.muster.deepseek.wire.chat.Usage;
import dev.muster.deepseek.wire.http.KeptCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers of llama.cpp's server cut at a random token, twice, and gone on with by it. Each letter
 * is one token of this model, so that the text stays the same.
 */
@EnabledIf(
    value = "installable",
    disabledReason = "needs /usr/bin/etcd and python3 with pip: etcd-server, python3-pip")
class EnginePrefixTest {
  private static final int TOKENS = 90;
  private static final int CUTS = 20;

  /** As Qwen3 has it: thinking, unless it is told not to. */
  private static final String THINKING =
      "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' }}"
          + "{% if m.role == 'assistant' and m.reasoning_content %}"
          + "{{ '<think>\\n' + m.reasoning_content + '\\n</think>\\n\\n' }}{% endif %}"
          + "{{ m.content + '<|im_end|>\\n' }}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n<think>\\n' }}"
          + "{% if enable_thinking is defined and enable_thinking is false %}"
          + "{{ '\\n</think>\\n\\n' }}{% endif %}{% endif %}";

  private static final GatewayConfig CONFIG =
      GatewayConfig.from(Map.of("ETCD_ENDPOINTS", "http://none:2379", "WORKER_API", "openai"));

  @TempDir private Path folder;
  private final long seed = System.nanoTime();
  private final Random chance = new Random(seed);

  static boolean installable() {
    return LlamaServer.installable();
  }

  private static byte[] request(String prompt, String more) {
    return "{\"model\":\"m\",\"stream\":true,\"temperature\":0,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
        .formatted(TOKENS, prompt, more)
        .getBytes(UTF_8);
  }

  private static List<Chunk> ask(LlamaServer server, byte[] request) throws IOException {
    var uri = URI.create(server.url());
    var chunks = new ArrayList<Chunk>();
    var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    try (var upstream =
        Upstream.open(
            new KeptCalls(Duration.ZERO),
            new InetSocketAddress(uri.getHost(), uri.getPort()),
            request,
            "r",
            CONFIG,
            () -> end,
            () -> {})) {
      while (chunks.isEmpty() || !chunks.getLast().last()) {
        if (upstream.next() instanceof Upstream.Data(var chunk)) {
          chunks.add(chunk);
        }
      }
    }
    return chunks;
  }

  /** The chunks that a client gets whose answer is cut behind so many, each time. */
  private static List<Chunk> cut(LlamaServer server, byte[] request, List<Integer> cuts)
      throws IOException {
    var partial = new Partial(request, true, null);
    var told = new ArrayList<Chunk>();
    var chunks = ask(server, request);
    for (var cut : cuts) {
      var had = chunks.subList(0, Math.clamp(cut - told.size(), 0, chunks.size() - 1));
      had.forEach(partial::add);
      told.addAll(had);
      chunks = new ArrayList<>();
      for (var chunk : ask(server, partial.rest())) {
        var joined = partial.joined(chunk);
        if (joined != null) {
          chunks.add(joined);
        }
      }
    }
    told.addAll(chunks);
    return told;
  }

  private static String text(List<Chunk> chunks, String field) {
    return chunks.stream()
        .map(c -> c.parse().at("/choices/0/delta/" + field).asString(""))
        .collect(Collectors.joining());
  }

  private static Usage usage(List<Chunk> chunks) {
    return Usage.of(chunks.getLast().parse().path("usage"));
  }

  private void cutAnywhere(LlamaServer server, String more, String field) throws IOException {
    server.ready();
    for (int i = 0; i < CUTS; i++) {
      var request = request("question " + i % 4, more);
      var whole = ask(server, request);
      assertThat(text(whole, field).codePoints()).as("letters").hasSize(TOKENS);
      int first = i == 0 ? TOKENS + 1 : 1 + chance.nextInt(TOKENS + 1);
      var cuts = List.of(first, first + chance.nextInt(TOKENS + 2 - first));
      var name = "seed %d, cut %d %s".formatted(seed, i, cuts);
      var all = cut(server, request, cuts);
      assertThat(text(all, field)).as(name).isEqualTo(text(whole, field));
      assertThat(usage(all).completion()).as(name).isEqualTo(TOKENS);
      assertThat(usage(all).prompt()).as(name).isEqualTo(usage(whole).prompt());
      assertThat(usage(all).reasoning()).as(name).isEqualTo(usage(whole).reasoning());
      assertThat(all.getLast().parse().at("/choices/0/finish_reason").asString(""))
          .as(name)
          .isEqualTo("length");
    }
  }

  @Test
  void anAnswerIsTheSameWhereverItIsCut() throws Exception {
    LlamaServer.install();
    try (var server = new LlamaServer(folder, LlamaServer.FAST, Map.of())) {
      cutAnywhere(server, "", "content");
    }
  }

  @Test
  void soIsThinking() throws Exception {
    LlamaServer.install();
    try (var server =
        new LlamaServer(folder, LlamaServer.FAST, Map.of("CHAT_TEMPLATE", THINKING))) {
      cutAnywhere(server, "", "reasoning_content");
      cutAnywhere(server, ",\"thinking\":{\"type\":\"disabled\"}", "content");
    }
  }
}
