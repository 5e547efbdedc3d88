package dev.muster.observe.llm;

import dev.muster.cluster.connect.PodStream;
import dev.muster.cluster.object.PodPort;
import dev.muster.drill.field.DurationText;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks one pod for completions, as OpenAI's API has them, through the API server. Always the same
 * way: temperature 0 and one seed.
 *
 * @param model as the service names it
 */
record PodChat(PodPort pod, String model) {
  static final String PATH = "/v1/chat/completions";
  private static final JsonMapper JSON = new JsonMapper();
  private static final int SEED = 7;
  private static final int SAID = 200;

  /**
   * @param tokens of the answer, at most
   * @param silence without a token after which it is given up
   * @param within for all of it
   */
  StreamedCompletion ask(String prompt, int tokens, Duration silence, Duration within)
      throws InterruptedException {
    long begun = System.nanoTime();
    try (PodStream stream = pod.stream(PATH, body(prompt, tokens), silence, within)) {
      return new Hearing(stream, begun).hear(silence, begun + within.toNanos());
    } catch (HttpTimeoutException e) {
      return silent(
          begun, StreamedCompletion.End.GIVEN_UP, "no answer within " + DurationText.of(silence));
    } catch (IOException e) {
      return silent(begun, StreamedCompletion.End.BROKEN, String.valueOf(e.getMessage()));
    }
  }

  private static StreamedCompletion silent(long begun, StreamedCompletion.End end, String why) {
    return new StreamedCompletion(
        0, List.of(), Duration.ZERO, since(begun), 0, false, false, why, -1, end);
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private String body(String prompt, int tokens) {
    var body = JSON.createObjectNode().put("model", model).put("stream", true);
    body.put("temperature", 0).put("seed", SEED).put("max_tokens", tokens);
    body.putObject("stream_options").put("include_usage", true);
    body.putArray("messages").addObject().put("role", "user").put("content", prompt);
    return body.toString();
  }

  /** One answer while it comes. */
  private static final class Hearing {
    private final PodStream stream;
    private final long begun;
    private final List<String> pieces = new ArrayList<>();
    private long first;
    private long last;
    private int comments;
    private boolean finished;
    private boolean done;
    private String error = "";
    private int cached = -1;

    Hearing(PodStream stream, long begun) {
      this.stream = stream;
      this.begun = begun;
    }

    StreamedCompletion hear(Duration silence, long until) throws InterruptedException {
      if (stream.status() != 200) {
        return refused(silence, until);
      }
      try {
        last = System.nanoTime();
        PodStream.Line line = next(silence, until);
        while (line != null) {
          take(line);
          line = next(silence, until);
        }
        return told(stream.status(), StreamedCompletion.End.CLEAN);
      } catch (HttpTimeoutException e) {
        return told(stream.status(), StreamedCompletion.End.GIVEN_UP);
      } catch (IOException e) {
        return told(stream.status(), StreamedCompletion.End.BROKEN);
      }
    }

    /** Comments keep nobody waiting. */
    private PodStream.@Nullable Line next(Duration silence, long until)
        throws IOException, InterruptedException {
      long left = Math.min(last + silence.toNanos(), until) - System.nanoTime();
      if (left <= 0) {
        throw new HttpTimeoutException("no token in time");
      }
      return stream.next(Duration.ofNanos(left));
    }

    private void take(PodStream.Line line) {
      if (line.text().startsWith(":")) {
        comments++;
      } else if (line.text().startsWith("data:")) {
        String data = line.text().substring("data:".length()).strip();
        if (data.equals("[DONE]")) {
          done = true;
        } else {
          event(data, line.at());
        }
      }
    }

    private void event(String data, long at) {
      JsonNode event;
      try {
        event = JSON.readTree(data);
      } catch (JacksonException e) {
        error = "an event is no JSON: " + shortened(data);
        return;
      }
      if (event.hasNonNull("error")) {
        error = message(event, data);
      }
      JsonNode choice = event.path("choices").path(0);
      finished |= choice.hasNonNull("finish_reason");
      JsonNode delta = choice.path("delta");
      piece(
          delta.path("reasoning_content").asString("")
              + delta.path("reasoning").asString("")
              + delta.path("content").asString(""),
          at);
      JsonNode usage = event.path("usage");
      cached =
          usage
              .path("prompt_cache_hit_tokens")
              .asInt(usage.at("/prompt_tokens_details/cached_tokens").asInt(cached));
    }

    private void piece(String text, long at) {
      if (!text.isEmpty()) {
        first = pieces.isEmpty() ? at : first;
        last = at;
        comments = 0;
        pieces.add(text);
      }
    }

    /** By the pod, or by the API server, which may not have let it through. */
    private StreamedCompletion refused(Duration silence, long until) throws InterruptedException {
      var body = new StringBuilder();
      try {
        last = System.nanoTime();
        for (var line = next(silence, until);
            line != null && body.length() < 1 << 16;
            line = next(silence, until)) {
          body.append(line.text()).append('\n');
        }
      } catch (IOException e) {
        // what came of it will do
      }
      PodPort.Answer answer = PodPort.answer(stream.status(), body.toString());
      error = answer.status() == 0 ? answer.body() : message(tree(answer.body()), answer.body());
      return told(answer.status(), StreamedCompletion.End.CLEAN);
    }

    private static JsonNode tree(String body) {
      try {
        return JSON.readTree(body);
      } catch (JacksonException e) {
        return JSON.missingNode();
      }
    }

    private static String message(JsonNode answer, String otherwise) {
      return shortened(answer.at("/error/message").asString(otherwise));
    }

    private static String shortened(String text) {
      String line = text.strip().replaceAll("\\s+", " ");
      return line.length() <= SAID ? line : line.substring(0, SAID) + " …";
    }

    private StreamedCompletion told(int status, StreamedCompletion.End end) {
      return new StreamedCompletion(
          status,
          List.copyOf(pieces),
          Duration.ofNanos(pieces.isEmpty() ? 0 : last - first),
          since(begun),
          comments,
          finished,
          done,
          error,
          cached,
          end);
    }
  }
}
