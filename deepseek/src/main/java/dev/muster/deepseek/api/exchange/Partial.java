package dev.muster.deepseek.api.exchange;

import dev.muster.deepseek.api.config.WorkerApi;
import dev.muster.deepseek.api.reply.EventId;
import dev.muster.deepseek.openai.OpenAiRequest;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.chat.ChatRequest;
import dev.muster.deepseek.wire.chat.Chunk;
import dev.muster.deepseek.wire.chat.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of an answer that the client has, from which another worker can go on: it is asked with
 * the same messages and this part as prefix, and what it says is made one answer with it. One
 * thread uses it.
 */
public final class Partial {
  /** Fields of a request of whose answers a prefix is not enough to go on. */
  private static final List<String> HINDRANCES =
      List.of("tools", "functions", "logprobs", "response_format");

  private final byte[] request;
  private final boolean kept;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream(); // as JSON has it
  private final ByteArrayOutputStream reasoning = new ByteArrayOutputStream();
  private int tokens;
  private int thoughts;
  private int prompt; // tokens, where a worker told them
  private @Nullable Chunk first;
  private final @Nullable EventId had;
  private @Nullable EventId answer;
  private String ids = "";
  private int events;
  private int before;
  private int thoughtsBefore;
  private boolean again;

  /**
   * @param request as the client sent it
   * @param kept whether it may have to be gone on with; else nothing of it is kept
   * @param had the last event that the client has of it by another gateway; null where it is new
   */
  public Partial(byte[] request, boolean kept, @Nullable EventId had) {
    this.request = request;
    this.kept = kept;
    this.had = had;
    answer = had;
  }

  /** Whether the client has anything of it. */
  boolean begun() {
    return first != null;
  }

  /** Whether the client has the next event by another gateway. */
  boolean passed() {
    return had != null && events < had.number();
  }

  /** Of the next event; empty where nobody may go on from it. */
  String nextId(Chunk chunk) {
    if (!kept && had == null) {
      return "";
    }
    ids = ids.isEmpty() ? answer(chunk).prefix() : ids;
    return ids + (events + 1);
  }

  /** Whether all chunks have to be told as those of an answer that another worker began. */
  boolean another() {
    return had != null;
  }

  /** Takes down a chunk that the client gets, other than the last. */
  public void add(Chunk chunk) {
    events++;
    if (first == null) {
      first = chunk;
    }
    if (!kept) {
      return;
    }
    boolean thought = chunk.appendReasoning(reasoning);
    if (chunk.appendContent(content) || thought) {
      tokens += chunk.tokens();
      thoughts += thought ? chunk.tokens() : 0;
    }
    prompt = prompt == 0 ? chunk.prompt() : prompt;
  }

  /** Why no other worker can go on with it; empty where one can. */
  String hindrance(WorkerApi api) {
    var asked = Json.parse(request);
    var unknown = api == WorkerApi.OPENAI ? OpenAiRequest.unknown(asked) : "";
    if (!unknown.isEmpty()) {
      return unknown;
    }
    for (var field : HINDRANCES) {
      var value = asked.path(field);
      boolean usual =
          value.isMissingNode()
              || value.isNull()
              || (value.isBoolean() && !value.asBoolean())
              || value.path("type").asString("").equals("text");
      if (!usual) {
        return field;
      }
    }
    var messages = asked.path("messages");
    if (messages.path(messages.size() - 1).path("prefix").asBoolean(false)) {
      return "prefix";
    }
    return asked.path("n").asInt(1) > 1 ? "n" : "";
  }

  /**
   * The request for the rest. Where the client has all the tokens that it asked for, the last of
   * them is asked for once more, for nothing else tells how the answer ends; it is not passed on.
   */
  public byte[] rest() {
    var asked = (ObjectNode) Json.parse(request);
    before = tokens;
    thoughtsBefore = thoughts;
    var field = field(asked);
    int most = asked.path(field).asInt(0);
    again = most > 0 && tokens >= most;
    var text = text(content);
    var thinking = text(reasoning);
    if (again) {
      // tokens of this service end with a space; of others the last word is near enough
      text = withoutLast(text);
      thinking = text.isEmpty() && content.size() == 0 ? withoutLast(thinking) : thinking;
      before--;
    }
    if (most > 0) {
      asked.put(field, Math.max(1, most - before));
    }
    asked.put("stream", true);
    if (text.isEmpty() && thinking.isEmpty()) {
      return bytes(asked); // an empty message would be a whole answer to some engines
    }
    var message = ((ArrayNode) asked.path("messages")).addObject();
    message.put("role", "assistant").put("content", text).put("prefix", true);
    if (!thinking.isEmpty()) {
      message.put("reasoning_content", thinking);
    }
    return bytes(asked);
  }

  private static byte[] bytes(ObjectNode asked) {
    return asked.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String field(JsonNode asked) {
    return asked.path(ChatRequest.MAX_TOKENS_FIELD).isNumber()
        ? ChatRequest.MAX_TOKENS_FIELD
        : ChatRequest.MAX_COMPLETION_TOKENS_FIELD;
  }

  private static String text(ByteArrayOutputStream escaped) {
    return Json.parse('"' + escaped.toString(StandardCharsets.UTF_8) + '"').asString();
  }

  private static String withoutLast(String text) {
    return text.substring(0, text.lastIndexOf(' ', text.length() - 2) + 1);
  }

  /**
   * A chunk of the rest as one of the whole answer; null where the client has it already.
   *
   * @throws IOException if it is no chunk
   */
  public @Nullable Chunk joined(Chunk of) throws IOException {
    if (!(of.parse() instanceof ObjectNode chunk)) {
      throw new IOException("no chunk of an answer: " + of);
    }
    var delta = chunk.path("choices").path(0).path("delta");
    boolean last = chunk.path("choices").path(0).path("finish_reason").isString();
    boolean text =
        !delta.path("content").asString("").isEmpty()
            || !delta.path("reasoning_content").asString("").isEmpty();
    if (!text && !last && first != null) {
      return null; // the role was told
    }
    if (text && again) {
      again = false;
      if (!last || !(delta instanceof ObjectNode told)) {
        return null;
      }
      told.remove(List.of("content", "reasoning_content"));
    }
    var same = answer(first == null ? of : first);
    chunk.put("id", same.answer());
    chunk.put("created", same.created());
    if (last) {
      chunk.set("usage", Json.parse(usage(Usage.of(chunk.path("usage"))).json()));
    }
    return new Chunk(bytes(chunk), of.tokens(), of.prompt());
  }

  private Usage usage(Usage rest) {
    // told it is exact; else the prefix may be other tokens to the worker that read it
    int asked = prompt > 0 ? prompt : rest.prompt() - before;
    return new Usage(
        asked,
        Math.min(rest.cached(), asked),
        before + rest.completion(),
        Math.min(thoughtsBefore, before) + rest.reasoning(),
        rest.thinking() || thoughtsBefore > 0);
  }

  /** Id and time of the whole answer, of which the first chunk is given. */
  private EventId answer(Chunk of) {
    var known = answer;
    if (known == null) {
      known = new EventId(of.created(), of.id(), 0);
      answer = known;
    }
    return known;
  }
}
