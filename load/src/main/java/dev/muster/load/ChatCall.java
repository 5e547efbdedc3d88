package dev.muster.load;

import dev.muster.load.AnswerRules.Usage;
import dev.muster.load.http.Breakage;
import dev.muster.load.http.Exchange;
import dev.muster.load.http.ResponseHead;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Makes the row of one chat request of what its exchange tells. */
final class ChatCall implements Exchange.Listener {
  /** How the body is taken. */
  private enum Body {
    STREAM,
    ANSWER,
    ERROR,
    STRANGE
  }

  private static final int MAX_ANSWER_BYTES = 16 << 20;
  private static final int MAX_WORDS_BYTES = 64 << 10;
  private static final JsonMapper JSON = new JsonMapper();

  private final Row row;
  private final boolean stream;
  private final Usage usage;
  private final List<String> servedBy;
  private final String lastUserContent;
  private final InstantSource clock;
  private final Consumer<Request> ended;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
  private AnswerReader answer;
  private Body body = Body.STREAM;
  private int status;
  private String strange = "";
  private boolean encoded;
  private boolean tooMuch;
  private @Nullable Instant lastByte;

  /**
   * @param usage whether an answer must count its tokens
   * @param servedBy headers of an answer that name its pods
   * @param lastUserContent content of the request's last message whose role is user
   */
  ChatCall(
      Row row,
      boolean stream,
      Usage usage,
      List<String> servedBy,
      String lastUserContent,
      InstantSource clock,
      Consumer<Request> ended) {
    this.row = row;
    this.stream = stream;
    this.usage = usage;
    this.servedBy = servedBy;
    this.lastUserContent = lastUserContent;
    answer = reader(null);
    this.clock = clock;
    this.ended = ended;
  }

  private AnswerReader reader(@Nullable String chainHeader) {
    return new AnswerReader(AnswerRules.of(usage, chainHeader), lastUserContent);
  }

  @Override
  public void sent() {
    row.sent(clock.instant());
  }

  @Override
  public void head(ResponseHead head) {
    var at = clock.instant();
    row.head(at, head, servedBy);
    lastByte = at;
    status = head.status();
    answer = reader(head.first(AnswerRules.CHAIN_HEADER).orElse(null));
    var type = head.first("content-type").orElse("none");
    var encoding = head.first("content-encoding").orElse("identity");
    if (status != 200) {
      body = Body.ERROR;
    } else if (!encoding.equalsIgnoreCase("identity")) {
      body = Body.STRANGE;
      strange = "content-encoding " + encoding + ", which was not asked for";
      encoded = true;
    } else if (!stream) {
      body = Body.ANSWER;
    } else if (!type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
      body = Body.STRANGE;
      strange = "content-type " + type + " instead of text/event-stream";
    }
  }

  @Override
  public void body(byte[] bytes, int offset, int length) {
    var at = clock.instant();
    lastByte = at;
    if (body == Body.STREAM) {
      answer.feed(bytes, offset, length, at);
    } else {
      int room = (body == Body.ANSWER ? MAX_ANSWER_BYTES : MAX_WORDS_BYTES) - kept.size();
      kept.write(bytes, offset, Math.min(room, length));
      tooMuch |= length > room;
    }
  }

  @Override
  public void whole() {
    var at = clock.instant();
    switch (body) {
      case STREAM -> ended.accept(row.ended(at, answer.end()));
      case ANSWER ->
          ended.accept(
              tooMuch
                  ? row.ended(
                      at,
                      Outcome.MALFORMED,
                      "an answer of more than " + MAX_ANSWER_BYTES + " bytes")
                  : row.ended(at, answer.whole(kept.toByteArray(), at)));
      case ERROR, STRANGE -> words(at, "");
    }
  }

  @Override
  public void broken(Breakage why, String words) {
    var at = clock.instant();
    if (why == Breakage.OURS) {
      ended.accept(row.ended(at, Outcome.NOT_SENT, words));
    } else if (row.answered() && (body == Body.ERROR || body == Body.STRANGE)) {
      words(at, "; then " + words);
    } else {
      ended.accept(row.ended(at, answer.cut(outcome(why), words + silence(why, at))));
    }
  }

  private Outcome outcome(Breakage why) {
    return switch (why) {
      case UNRESOLVED, REFUSED, UNREACHABLE, NOT_CONNECTED, TLS -> Outcome.CONNECTION_FAILED;
      case RESET, CLOSED -> row.answered() ? Outcome.TRUNCATED : Outcome.CONNECTION_FAILED;
      case TIMED_OUT, CUT -> Outcome.TIMED_OUT;
      case PROTOCOL -> Outcome.MALFORMED;
      case OURS -> Outcome.NOT_SENT;
    };
  }

  /** A stream that stalls is another fault than one that is slow. */
  private String silence(Breakage why, Instant at) {
    if (why != Breakage.TIMED_OUT) {
      return "";
    }
    return lastByte == null
        ? ", no byte of an answer came"
        : ", the last byte came "
            + Duration.between(lastByte, at).toMillis() / 1000.0
            + " s before that";
  }

  private void words(Instant at, String end) {
    var text = kept.toString(StandardCharsets.UTF_8);
    boolean refusal = (status == 429 || status == 503) && isError(text);
    var outcome =
        refusal ? Outcome.REJECTED : status >= 400 ? Outcome.HTTP_ERROR : Outcome.MALFORMED;
    var what = body == Body.STRANGE ? strange : "HTTP " + status;
    var said = encoded ? "" : ": " + clip(text);
    ended.accept(row.ended(at, outcome, what + said + end));
  }

  private static boolean isError(String text) {
    try {
      return JSON.readTree(text).path("error").isObject();
    } catch (JacksonException e) {
      return false;
    }
  }

  /** As much as finds room in a finding, in one line. */
  private static String clip(String text) {
    var line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.length() <= 500 ? line : line.substring(0, 500) + "…";
  }
}
