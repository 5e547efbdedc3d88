package dev.muster.hostile;

import dev.muster.drill.field.LlmFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A worker behind the proxy of {@link HostileApi}, which answers with numbered tokens and fails as
 * its page {@code /faults} is told to.
 */
public final class GrayPod implements HostileApi.Behaviour {
  public static final String TOKEN = "s3cret-t0ken";
  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, ObjectNode> faults = new LinkedHashMap<>();
  private final List<String> bodies = new ArrayList<>();
  private final Set<String> cache = new HashSet<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Gray failures are off: their page is not there. */
  public volatile boolean off;

  /** Each token takes so long. */
  public volatile long stepMillis = 8;

  /** Completions are answered so; 0: well. */
  public volatile int busy;

  /** Completions wait, as behind others whom it answers. */
  public volatile boolean full;

  /** No answer is like another. */
  public volatile boolean moody;

  private int asked;

  /** Fails from now on, by a fault of somebody's; null: is well. */
  public synchronized void fail(@Nullable LlmFailure failure, int factor, int afterTokens) {
    faults.clear();
    if (failure != null) {
      faults.put(
          "x",
          JSON.createObjectNode()
              .put("id", "x")
              .put("failure", failure.word())
              .put("factor", factor)
              .put("after_tokens", afterTokens));
    }
  }

  /** What it was told, as it came. */
  public synchronized List<String> bodies() {
    return List.copyOf(bodies);
  }

  /** Nobody ended them and they are over. */
  public synchronized void forget() {
    faults.clear();
  }

  public void close() {
    closed.countDown();
  }

  private synchronized @Nullable ObjectNode fails(LlmFailure failure) {
    return faults.values().stream()
        .filter(f -> f.path("failure").asString("").equals(failure.word()))
        .findFirst()
        .orElse(null);
  }

  @Override
  public void answer(Exchange to) throws IOException, InterruptedException {
    String path = to.path().replaceAll("^.*/proxy", "");
    if (path.startsWith("/faults")) {
      page(to, path);
    } else if (path.equals("/v1/chat/completions")) {
      chat(to);
    } else if (path.equals("/health") || path.equals("/health_generate")) {
      health(to, path);
    } else {
      to.answer(404, error("nothing there"));
    }
  }

  private void health(Exchange to, String path) throws IOException {
    boolean loading = fails(LlmFailure.SLOW_LOAD) != null || fails(LlmFailure.LOAD_LOOP) != null;
    boolean stuck = fails(LlmFailure.STUCK_DECODE) != null && path.endsWith("generate");
    to.answer(
        loading || stuck ? 503 : 200,
        loading ? "{\"status\":\"loading\",\"phase\":\"read\"}" : "{\"status\":\"ready\"}");
  }

  private synchronized void page(Exchange to, String path) throws IOException {
    if (off) {
      to.answer(404, error("nothing there"));
    } else if (!TOKEN.equals(to.headers().get("x-fault-token"))) {
      to.answer(401, error("wrong token"));
    } else if (to.method().equals("POST")) {
      bodies.add(to.body());
      begin(to, (ObjectNode) JSON.readTree(to.body()));
    } else if (to.method().equals("DELETE")) {
      boolean there = faults.remove(path.substring("/faults/".length())) != null;
      to.answer(there ? 204 : 404, there ? "" : error("no such fault"));
    } else {
      ObjectNode all = JSON.createObjectNode();
      ArrayNode list = all.putArray("faults");
      faults.values().forEach(f -> list.add(f.deepCopy().put("left_ms", 41_900)));
      to.answer(200, all.toString());
    }
  }

  private void begin(Exchange to, ObjectNode fault) throws IOException {
    String id = fault.path("id").asString("");
    boolean other =
        faults.values().stream()
            .anyMatch(f ->
                f.path("failure").equals(fault.path("failure"))
                    && !f.path("id").asString("").equals(id));
    if (other) {
      to.answer(409, error("there is such a fault"));
    } else {
      to.answer(faults.put(id, fault) == null ? 201 : 200, fault.toString());
    }
  }

  private static String error(String message) {
    ObjectNode error = JSON.createObjectNode();
    error.putObject("error").put("message", message);
    return error.toString();
  }

  private void chat(Exchange to) throws IOException, InterruptedException {
    if (fails(LlmFailure.LYING_HEALTH) != null || busy != 0) {
      to.answer(busy == 0 ? 500 : busy, error("the engine is broken"));
      return;
    }
    JsonNode asked = JSON.readTree(to.body());
    String prompt = asked.at("/messages/0/content").asString("");
    int cached = cached(prompt);
    to.begin();
    if (full || fails(LlmFailure.STUCK_DECODE) != null) {
      comments(to);
      return;
    }
    int total = asked.path("max_tokens").asInt(10);
    if (!tokens(to, prompt, total)) {
      return;
    }
    to.chunk(
        "data: {\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"length\"}],\"usage\":{\"prompt_cache_hit_tokens\":%d}}\n\n"
            .formatted(cached));
    if (fails(LlmFailure.NO_DONE) == null) {
      to.chunk("data: [DONE]\n\n");
    }
    to.end();
  }

  private synchronized int cached(String prompt) {
    if (fails(LlmFailure.CACHE_LOST) != null) {
      cache.clear();
    }
    return cache.add(prompt) ? 0 : 96;
  }

  /** True where all were told and the answer goes on. */
  private boolean tokens(Exchange to, String prompt, int total)
      throws IOException, InterruptedException {
    ObjectNode slow = fails(LlmFailure.SLOW_DECODE);
    long step = stepMillis * (slow == null ? 1 : slow.path("factor").asInt());
    int answer = moody ? asked++ : 0;
    for (int i = 1; i <= total; i++) {
      if (ended(to, i)) {
        return false;
      }
      closed.await(step, TimeUnit.MILLISECONDS);
      to.chunk(
          "data: {\"choices\":[{\"delta\":{\"content\":\"%s\",\"reasoning_content\":null},\"finish_reason\":null}]}\n\n"
              .formatted(token(prompt, i, answer)));
    }
    return true;
  }

  private String token(String prompt, int i, int answer) {
    ObjectNode corrupt = fails(LlmFailure.CORRUPT_TOKENS);
    ObjectNode foreign = fails(LlmFailure.FOREIGN_CACHE);
    int behind = i - (corrupt == null ? 0 : corrupt.path("after_tokens").asInt());
    boolean other =
        (foreign != null && i > foreign.path("after_tokens").asInt())
            || (corrupt != null && behind > 0 && behind % 3 == 0);
    String of = other ? "another" : prompt + answer;
    return String.format(Locale.ROOT, "%d.%08x ", other ? i + 40 : i, (of + i).hashCode());
  }

  /** Whether the answer ends before this token. */
  private boolean ended(Exchange to, int i) throws IOException, InterruptedException {
    if (after(LlmFailure.TRUNCATION, i)) {
      to.end();
    } else if (after(LlmFailure.RESET, i)) {
      to.socket().setSoLinger(true, 0);
      to.socket().close();
    } else if (after(LlmFailure.ERROR_IN_BAND, i)) {
      to.chunk("data: " + error("the engine fell over") + "\n\n");
      to.end();
    } else if (after(LlmFailure.KEEP_ALIVE_ONLY, i)) {
      comments(to);
    } else {
      return false;
    }
    return true;
  }

  private boolean after(LlmFailure failure, int i) {
    ObjectNode fault = fails(failure);
    return fault != null && i > fault.path("after_tokens").asInt();
  }

  /** Until the client leaves. */
  private void comments(Exchange to) throws IOException, InterruptedException {
    do {
      to.chunk(": keep-alive\n\n");
    } while (!closed.await(40, TimeUnit.MILLISECONDS));
  }
}
