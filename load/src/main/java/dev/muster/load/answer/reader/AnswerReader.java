package dev.muster.load.answer.reader;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.load.answer.Answer;
import dev.muster.load.answer.AnswerJudge;
import dev.muster.load.answer.AnswerRules;
import dev.muster.load.answer.Flaws;
import dev.muster.load.answer.MalformedAnswerException;
import dev.muster.load.answer.ServerErrors;
import dev.muster.load.answer.SseParser;
import dev.muster.load.answer.UnexpectedLines;
import dev.muster.load.answer.Utf8;
import dev.muster.load.answer.text.AnswerText;
import dev.muster.load.answer.text.Delta;
import dev.muster.load.answer.text.TextTemplate;
import dev.muster.timeline.Outcome;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the body of one answer of chat completions, streamed or whole, and judges it. Any bytes at
 * all give exactly one outcome, however they are cut into pieces, and never an exception. An answer
 * is complete only with a good finish_reason, usage where it is owed, and a terminated {@code
 * [DONE]}; everything short of that is the outcome that names what is missing.
 *
 * <p>Either {@link #feed} any number of times and then {@link #end} or {@link #cut}, or {@link
 * #whole}; {@link #cut} is also for a whole answer that did not come. Does no I/O. Not safe for use
 * by several threads.
 */
public final class AnswerReader implements AnswerJudge {
  private static final JsonMapper JSON = new JsonMapper();

  /** The code of an error with which a server that shuts down ends a stream. */
  private static final String DRAINING = "draining";

  private static final byte[] DONE = "[DONE]".getBytes(UTF_8);

  private final Flaws flaws = new Flaws();
  private final AnswerText text;
  private final Ending ending;
  private final SseParser parser;
  private final TextTemplate template;
  private final UnexpectedLines strange = new UnexpectedLines();
  private Instant now = Instant.EPOCH;
  private boolean anyEvent;
  private boolean broken;
  private boolean done;

  /** Of a server that shuts down and gives the rest of its answer away; null where none did. */
  private @Nullable String handedOver;

  private final class Events implements SseParser.Handler {
    @Override
    public void event(String name, byte[] bytes, int from, int to) {
      AnswerReader.this.event(name, bytes, from, to);
    }

    @Override
    public void strange(byte[] bytes, int from, int to) {
      strange.add(bytes, from, to);
    }
  }

  /**
   * @param lastUserContent content of the request's last message whose role is user
   */
  public AnswerReader(AnswerRules rules, String lastUserContent) {
    this(rules, lastUserContent, new TextTemplate());
  }

  /** With another way to recognise chunks of text. */
  public AnswerReader(AnswerRules rules, String lastUserContent, TextTemplate template) {
    this.template = template;
    text = new AnswerText(rules.chain(), rules.digest(), lastUserContent, flaws);
    ending = new Ending(rules.usage(), flaws);
    parser = new SseParser(new Events());
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
      flaws.add(Outcome.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /** Whether the stream cannot be read any further: what is fed from now on is passed over. */
  boolean broken() {
    return broken;
  }

  @Override
  public String lastEventId() {
    boolean over = done || broken || flaws.outcome() != null;
    return over || strange.any() || parser.strangeHalf() ? "" : parser.lastEventId();
  }

  @Override
  public boolean untouched() {
    boolean judged = anyEvent || broken || flaws.outcome() != null;
    return !judged && !strange.any() && !parser.strangeHalf();
  }

  @Override
  public void again() {
    parser.again();
    handedOver = null;
  }

  /** Whether the terminated {@code [DONE]} has come. */
  boolean done() {
    return done;
  }

  @Override
  public Answer end() {
    handedOver();
    if (!broken && !isNoStream() && flaws.outcome() != Outcome.IN_BAND_ERROR) {
      var stops = !done && parser.insideEvent() ? "; it stops inside an event" : "";
      ending.ofStream(done, stops);
    }
    return answer(done);
  }

  /** Of a stream that was through with its {@code [DONE]} this changes nothing. */
  @Override
  public Answer cut(Outcome outcome, String why) {
    if (done) {
      return end();
    }
    handedOver();
    if (!broken) {
      isNoStream();
      flaws.add(outcome, why);
    }
    return answer(false);
  }

  /** Nobody asked for what was given away. */
  private void handedOver() {
    if (handedOver != null) {
      flaws.addWords(Outcome.IN_BAND_ERROR, handedOver);
    }
  }

  /** A whole answer that is not streamed, with the moment at which its last byte came. */
  public Answer whole(byte[] body, Instant at) {
    now = at;
    if (!Utf8.valid(body, 0, body.length)) {
      flaws.add(Outcome.MALFORMED, "the answer is not UTF-8");
      return answer(false);
    }
    try {
      var json = JSON.readTree(body);
      var words = ServerErrors.ofChunk(json);
      if (words != null) {
        flaws.addWords(Outcome.IN_BAND_ERROR, words);
      } else if (!json.isObject()) {
        flaws.add(Outcome.MALFORMED, "the answer is not a JSON object: " + string(body));
      } else {
        var choice = json.path("choices").path(0);
        var message = Delta.of(choice.path("message"));
        text.add(message, at);
        ending.read(json, choice, !message.isEmpty());
        if (ending.finishReason() == null) {
          flaws.add(Outcome.MALFORMED, "the answer has no finish_reason: " + string(body));
        }
      }
    } catch (UnexpectedEndOfInputException e) {
      flaws.add(Outcome.TRUNCATED, "the answer ends inside its JSON");
    } catch (JacksonException e) {
      flaws.add(Outcome.MALFORMED, "the answer is not JSON: " + string(body));
    }
    return answer(true);
  }

  private void event(String name, byte[] bytes, int from, int to) {
    anyEvent = true;
    boolean isMessage = name.equals(SseParser.MESSAGE);
    boolean mayBeText = isMessage && !done && ending.finishReason() == null;
    if (mayBeText && template.matches(bytes, from, to)) {
      text.add(template.reasoning(), bytes, template.textFrom(from), template.textTo(to), now);
    } else {
      odd(isMessage, name.equals("error"), bytes, from, to);
    }
  }

  /** Any event that is not known to be a chunk of text. */
  private void odd(boolean isMessage, boolean isError, byte[] bytes, int begin, int close) {
    int from = begin;
    int to = close;
    while (from < to && isBlank(bytes[from])) {
      from++;
    }
    while (from < to && isBlank(bytes[to - 1])) {
      to--;
    }
    if (!isError && (from == to || bytes[from] == ':')) {
      return; // keep-alives that proxies send as data
    }
    boolean isDone = Arrays.equals(bytes, from, to, DONE, 0, DONE.length);
    var chunk = isDone ? null : parse(bytes, from, to);
    if (!isMessage && !isError && !isDone && !isChunk(chunk)) {
      return; // a ping, or what else a server tells that is no answer
    }
    if (done) {
      flaws.add(Outcome.MALFORMED, "an event after [DONE]: " + string(bytes, from, to));
    } else if (isDone) {
      done = true;
    } else if (isError) {
      flaws.addWords(Outcome.IN_BAND_ERROR, ServerErrors.ofErrorEvent(string(bytes, from, to)));
    } else if (chunk == null) {
      flaws.add(Outcome.MALFORMED, "an event that is not JSON: " + string(bytes, from, to));
    } else if (!chunk.isObject()) {
      flaws.add(Outcome.MALFORMED, "an event that is not a JSON object: " + chunk);
    } else {
      var onlyText = chunk(chunk);
      if (isMessage && onlyText != null) {
        template.learn(bytes, begin, close, onlyText);
      }
    }
  }

  /** Returns what the chunk adds if that is one text and it says nothing else, else null. */
  private @Nullable Delta chunk(JsonNode chunk) {
    var words = ServerErrors.ofChunk(chunk);
    if (words != null && chunk.at("/error/code").asString("").equals(DRAINING)) {
      handedOver = words;
      return null;
    }
    if (words != null) {
      flaws.addWords(Outcome.IN_BAND_ERROR, words);
      return null;
    }
    var choice = chunk.path("choices").path(0);
    var delta = Delta.of(choice.path("delta"));
    ending.read(chunk, choice, !delta.isEmpty());
    text.add(delta, now);
    // usage that comes with every chunk is never twice the same, so its form is not worth learning
    boolean more = ending.finishReason() != null || chunk.path("usage").isObject();
    return delta.isOneText() && !more ? delta : null;
  }

  /** Whether something else came than a stream. */
  private boolean isNoStream() {
    parser.end();
    return strange.insteadOfStream(anyEvent, flaws);
  }

  private Answer answer(boolean whole) {
    var times = text.times();
    ending.compare(whole, times.pieces() > 0);
    if (ending.finishReason() != null) {
      text.end(ending.claimedTokens());
    }
    // a whole answer and text without numbers tell their tokens by usage alone
    int claimed = flaws.outcome() == null ? ending.claimedTokens() : -1;
    int numbered = text.numbered();
    boolean byChunk = numbered < 0 && claimed < 0;
    return new Answer(
        Objects.requireNonNullElse(flaws.outcome(), Outcome.COMPLETE),
        flaws.detail(),
        times.firstReasoning(),
        times.firstAnswer(),
        times.last(),
        byChunk ? times.pieces() : Math.max(numbered, claimed),
        byChunk && times.pieces() > 0,
        times.longestGapMillis(),
        text.checked(),
        ending.finishReason(),
        flaws.outcome() == null ? text.digest() : null);
  }

  private static @Nullable JsonNode parse(byte[] bytes, int from, int to) {
    try {
      return JSON.readTree(bytes, from, to - from);
    } catch (JacksonException e) {
      return null;
    }
  }

  private static boolean isChunk(@Nullable JsonNode json) {
    return json != null
        && (json.path("choices").isArray()
            || json.path("usage").isObject()
            || json.hasNonNull("error"));
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\n';
  }

  private static String string(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, UTF_8);
  }

  private static String string(byte[] bytes) {
    return string(bytes, 0, bytes.length);
  }
}
