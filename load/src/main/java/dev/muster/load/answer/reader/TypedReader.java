package dev.muster.load.answer.reader;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.load.answer.Answer;
import dev.muster.load.answer.AnswerJudge;
import dev.muster.load.answer.MalformedAnswerException;
import dev.muster.load.answer.ServerErrors;
import dev.muster.load.answer.SseParser;
import dev.muster.load.answer.UnexpectedLines;
import dev.muster.timeline.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads an answer whose events say by their {@code type} what they are, and judges it. Any bytes at
 * all give exactly one outcome, however they are cut into pieces, and never an exception. It is
 * complete only with the terminated last event, which says that all is well.
 *
 * <p>Not safe for use by several threads.
 */
public final class TypedReader implements AnswerJudge {
  private static final JsonMapper JSON = new JsonMapper();

  private final Grammar grammar;
  private final AnswerAccumulator accumulator = new AnswerAccumulator();
  private final UnexpectedLines strange = new UnexpectedLines();
  private final SseParser parser = new SseParser(new Events());
  private Instant now = Instant.EPOCH;
  private boolean anyEvent;
  private boolean broken;
  private boolean over;

  private final class Events implements SseParser.Handler {
    @Override
    public void event(String name, byte[] bytes, int from, int to) {
      anyEvent = true;
      TypedReader.this.event(name, new String(bytes, from, to - from, UTF_8).strip());
    }

    @Override
    public void strange(byte[] bytes, int from, int to) {
      strange.add(bytes, from, to);
    }
  }

  public TypedReader(Grammar grammar) {
    this.grammar = grammar;
  }

  @Override
  public void feed(byte[] bytes, int offset, int length, Instant at) {
    if (broken) {
      return;
    }
    now = at;
    try {
      parser.feed(bytes, offset, length);
    } catch (MalformedAnswerException e) {
      broken = true;
      accumulator.flaws().add(Outcome.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String lastEventId() {
    boolean judged = over || broken || accumulator.flaws().outcome() != null;
    return judged || strange.any() || parser.strangeHalf() ? "" : parser.lastEventId();
  }

  @Override
  public boolean untouched() {
    boolean judged = anyEvent || broken || accumulator.flaws().outcome() != null;
    return !judged && !strange.any() && !parser.strangeHalf();
  }

  @Override
  public void again() {
    parser.again();
  }

  @Override
  public Answer end() {
    boolean judged =
        broken || isNoStream() || accumulator.flaws().outcome() == Outcome.IN_BAND_ERROR;
    if (!judged && !over) {
      var stops = parser.insideEvent() ? "; it stops inside an event" : "";
      accumulator
          .flaws()
          .add(Outcome.TRUNCATED, "the stream ended without " + grammar.last() + stops);
    }
    return accumulator.answer(over);
  }

  @Override
  public Answer cut(Outcome outcome, String why) {
    if (over) {
      return end();
    }
    if (!broken) {
      isNoStream();
      accumulator.flaws().add(outcome, why);
    }
    return accumulator.answer(false);
  }

  /** An answer that is not streamed, with the moment at which its last byte came. */
  public Answer whole(byte[] body, Instant at) {
    var flaws = accumulator.flaws();
    try {
      var json = JSON.readTree(body);
      var words = ServerErrors.ofChunk(json);
      if (words != null) {
        flaws.addWords(Outcome.IN_BAND_ERROR, words);
      } else if (!json.isObject()) {
        flaws.add(Outcome.MALFORMED, "the answer is not a JSON object: " + string(body));
      } else {
        grammar.whole(json, accumulator, at);
      }
    } catch (UnexpectedEndOfInputException e) {
      flaws.add(Outcome.TRUNCATED, "the answer ends inside its JSON");
    } catch (JacksonException e) {
      flaws.add(Outcome.MALFORMED, "the answer is not JSON: " + string(body));
    }
    return accumulator.answer(true);
  }

  private void event(String name, String data) {
    boolean isError = name.equals("error");
    // DONE is said by servers that say so everywhere; here it tells nothing
    if (!isError && (data.isEmpty() || data.startsWith(":") || data.equals("[DONE]"))) {
      return;
    }
    var json = parse(data);
    var type = json == null ? name : json.path("type").asString(name);
    if (!isError && (type.equals("ping") || name.equals("ping"))) {
      return;
    }
    var flaws = accumulator.flaws();
    var words = json == null ? null : ServerErrors.ofChunk(json);
    if (isError || type.equals("error")) {
      flaws.addWords(Outcome.IN_BAND_ERROR, ServerErrors.ofErrorEvent(data));
    } else if (json == null) {
      flaws.add(Outcome.MALFORMED, "an event that is not JSON: " + data);
    } else if (!json.isObject()) {
      flaws.add(Outcome.MALFORMED, "an event that is not a JSON object: " + data);
    } else if (words != null) {
      flaws.addWords(Outcome.IN_BAND_ERROR, words);
    } else if (over) {
      flaws.add(Outcome.MALFORMED, "an event after the last: " + type);
    } else {
      over = grammar.event(type, json, accumulator, now);
    }
  }

  private boolean isNoStream() {
    parser.end();
    return strange.insteadOfStream(anyEvent, accumulator.flaws());
  }

  private static @Nullable JsonNode parse(String data) {
    try {
      return JSON.readTree(data);
    } catch (JacksonException e) {
      return null;
    }
  }

  private static String string(byte[] body) {
    return new String(body, UTF_8);
  }
}
