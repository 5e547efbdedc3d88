package dev.muster.load.api;

import dev.muster.load.Row;
import dev.muster.load.answer.Answer;
import dev.muster.load.answer.AnswerJudge;
import dev.muster.load.http.Exchange;
import dev.muster.load.http.ExchangeFailure;
import dev.muster.load.http.Gunzip;
import dev.muster.load.http.ProtocolViolation;
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
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the row of one request of what its exchange tells, and of those behind it where a stream
 * that broke off is gone on with.
 */
final class Call implements Exchange.Listener {
  /** Asks for the rest of a stream. */
  interface Reconnect {
    /**
     * @param lastEventId empty where nothing has come
     * @param number of the attempt, from 1
     * @return null where there is no time for it any more
     */
    @Nullable Exchange behind(String lastEventId, int number, Exchange.Listener listener);
  }

  private static final int MAX_WORDS_BYTES = 64 << 10;
  private static final JsonMapper JSON = new JsonMapper();

  /** The last one says "overloaded" with Anthropic and NVIDIA Dynamo. */
  private static final Set<Integer> REFUSALS = Set.of(429, 503, 529);

  /** Ends of a connection, of which a silence may be one, after which the rest is asked for. */
  private static final Set<ExchangeFailure> GONE =
      Set.of(ExchangeFailure.RESET, ExchangeFailure.CLOSED, ExchangeFailure.SILENT);

  /** Encodings of whose bytes nothing can be read. */
  private static final Set<String> PACKED = Set.of("gzip", "x-gzip", "deflate", "br", "zstd");

  private final Row row;
  private final ApiRequest apiRequest;
  private final List<String> servedBy;
  private final boolean gzip;
  private final int reconnects;
  private final Reconnect reconnect;
  private final InstantSource clock;
  private final Consumer<Request> ended;

  /** Beginning of a body that is no answer, but may say why. */
  private final ByteArrayOutputStream words = new ByteArrayOutputStream(0);

  /** Null where no answer has begun, or what came is none. */
  private @Nullable AnswerJudge judge;

  /** Null where the body comes as it is. */
  private @Nullable Gunzip packed;

  private int status;
  private String strange = "";

  /** Nothing of the body can be read, or nothing more. */
  private boolean unreadable;

  private @Nullable Instant lastByte;
  private int reconnected;
  private @Nullable Exchange exchange;
  private boolean cut;

  /**
   * @param servedBy headers of an answer that name its pods
   * @param gzip whether an answer may be packed
   * @param reconnects how often the rest of a stream is asked for, at most
   */
  Call(
      Row row,
      ApiRequest apiRequest,
      List<String> servedBy,
      boolean gzip,
      int reconnects,
      Reconnect reconnect,
      InstantSource clock,
      Consumer<Request> ended) {
    this.row = row;
    this.apiRequest = apiRequest;
    this.servedBy = servedBy;
    this.gzip = gzip;
    this.reconnects = reconnects;
    this.reconnect = reconnect;
    this.clock = clock;
    this.ended = ended;
  }

  /** By whom it is carried, unless another one does already. */
  synchronized void by(Exchange first) {
    if (exchange == null) {
      exchange = first;
    }
  }

  /** Ends it, unless it has ended. Safe for use by any thread. */
  synchronized void cut() {
    cut = true;
    if (exchange != null) {
      exchange.cut();
    }
  }

  /** Whether the rest was asked for. */
  private synchronized boolean goesOn(String why) {
    if (cut || judge == null || reconnected >= reconnects) {
      return false;
    }
    var id = judge.lastEventId();
    if (id.isEmpty() && !judge.untouched()) {
      return false;
    }
    var rest = reconnect.behind(id, ++reconnected, new Rest(why));
    if (rest == null) {
      return false;
    }
    packed = null;
    exchange = rest;
    return true;
  }

  /** Over another connection. */
  private final class Rest implements Exchange.Listener {
    private final String first;
    private boolean good;
    private String said = "";

    private Rest(String first) {
      this.first = first;
    }

    @Override
    public void sent() {
      // the row has the time of the first
    }

    @Override
    public void head(ResponseHead head) {
      var type = head.first("content-type").orElse("none").toLowerCase(Locale.ROOT);
      var encoding = head.first("content-encoding").orElse("identity");
      boolean unpacks = gzip && encoding.equalsIgnoreCase("gzip");
      good =
          apiRequest.good().test(head.status())
              && type.startsWith("text/event-stream")
              && (unpacks || encoding.equalsIgnoreCase("identity"));
      if (good && judge != null) {
        packed = unpacks ? new Gunzip() : null;
        judge.again();
        row.resumed();
      } else {
        said = "HTTP " + head.status();
      }
    }

    @Override
    public void body(byte[] bytes, int offset, int length) {
      if (good) {
        Call.this.body(bytes, offset, length);
      }
    }

    @Override
    public void whole() {
      if (good) {
        Call.this.whole();
      } else {
        next(said);
      }
    }

    @Override
    public void broken(ExchangeFailure why, String words) {
      // what is neither the connection's end nor a lack of one is judged as ever
      if (good
          || why == ExchangeFailure.CUT
          || why == ExchangeFailure.TIMED_OUT
          || why == ExchangeFailure.PROTOCOL) {
        Call.this.broken(why, words);
      } else {
        next(words);
      }
    }

    private void next(String words) {
      if (!goesOn(first) && judge != null) {
        var all = first + "; when it asked for the rest: " + words;
        ended.accept(row.ended(clock.instant(), judge.cut(Outcome.TRUNCATED, all)));
      }
    }
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
    var type = head.first("content-type").orElse("none");
    var encoding = head.first("content-encoding").orElse("identity");
    if (gzip && encoding.equalsIgnoreCase("gzip")) {
      packed = new Gunzip();
    } else {
      unreadable = PACKED.contains(encoding.toLowerCase(Locale.ROOT));
    }
    if (!apiRequest.good().test(status)) {
      return; // its body tells why
    }
    if (packed == null && !encoding.equalsIgnoreCase("identity")) {
      unreadable = true;
      strange = "content-encoding " + encoding + ", which was not asked for";
    } else if (apiRequest.stream()
        && !type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
      strange = "content-type " + type + " instead of text/event-stream";
    } else {
      judge = apiRequest.judge().apply(head);
    }
  }

  @Override
  public void body(byte[] bytes, int offset, int length) {
    var at = clock.instant();
    lastByte = at;
    if (unreadable) {
      return;
    }
    if (packed == null) {
      plain(bytes, offset, length, at);
      return;
    }
    try {
      packed.feed(bytes, offset, length, (piece, from, many) -> plain(piece, from, many, at));
    } catch (ProtocolViolation e) {
      unreadable = true;
      strange = "content-encoding gzip: " + e.getMessage();
      judge = null;
    }
  }

  private void plain(byte[] bytes, int offset, int length, Instant at) {
    if (judge != null) {
      judge.feed(bytes, offset, length, at);
    } else {
      words.write(bytes, offset, Math.min(MAX_WORDS_BYTES - words.size(), length));
    }
  }

  @Override
  public void whole() {
    try (var _ = packed) {
      complete(clock.instant());
    }
  }

  private void complete(Instant at) {
    if (judge == null) {
      words(at, "");
    } else if (goesOn("the stream ended early")) {
      return;
    } else if (packed != null && !packed.whole()) {
      var cut = "content-encoding gzip: what was packed ends in the middle";
      ended.accept(row.ended(at, judge.cut(Outcome.TRUNCATED, cut)));
    } else {
      ended.accept(row.ended(at, inTime(judge.end(), row.since(at))));
    }
  }

  /** A good answer that came too late is none. */
  private Answer inTime(Answer answer, Duration took) {
    var within = apiRequest.within();
    return within == null || took.compareTo(within) <= 0 || answer.outcome() != Outcome.COMPLETE
        ? answer
        : Answer.none(
            Outcome.TIMED_OUT,
            "complete %.3f s after it was sent, and it has to be within %.3f s"
                .formatted(took.toNanos() / 1e9, within.toNanos() / 1e9));
  }

  @Override
  public void broken(ExchangeFailure why, String words) {
    try (var _ = packed) {
      broken(clock.instant(), why, words);
    }
  }

  private void broken(Instant at, ExchangeFailure why, String words) {
    if (why == ExchangeFailure.OURS) {
      ended.accept(row.ended(at, Outcome.NOT_SENT, words));
    } else if (GONE.contains(why) && goesOn(words)) {
      return;
    } else if (judge != null) {
      ended.accept(row.ended(at, judge.cut(outcome(why), words + silence(why, at))));
    } else if (row.answered()) {
      words(at, "; then " + words);
    } else {
      ended.accept(row.ended(at, outcome(why), words + silence(why, at)));
    }
  }

  private Outcome outcome(ExchangeFailure why) {
    return switch (why) {
      case UNRESOLVED, REFUSED, UNREACHABLE, NOT_CONNECTED, TLS -> Outcome.CONNECTION_FAILED;
      case RESET, CLOSED -> row.answered() ? Outcome.TRUNCATED : Outcome.CONNECTION_FAILED;
      case TIMED_OUT, SILENT, CUT -> Outcome.TIMED_OUT;
      case PROTOCOL -> Outcome.MALFORMED;
      case OURS -> Outcome.NOT_SENT;
    };
  }

  /** A stream that stalls is another fault than one that is slow. */
  private String silence(ExchangeFailure why, Instant at) {
    if (why != ExchangeFailure.TIMED_OUT) {
      return "";
    }
    return lastByte == null
        ? ", no byte of an answer came"
        : ", the last byte came "
            + Duration.between(lastByte, at).toMillis() / 1000.0
            + " s before that";
  }

  private void words(Instant at, String end) {
    var text = words.toString(StandardCharsets.UTF_8);
    boolean refusal = REFUSALS.contains(status) && isError(text);
    var outcome =
        refusal ? Outcome.REJECTED : status >= 400 ? Outcome.HTTP_ERROR : Outcome.MALFORMED;
    var what =
        strange.isEmpty()
            ? "HTTP " + status
            : status >= 400 ? "HTTP " + status + "; " + strange : strange;
    var said = unreadable ? "" : ": " + clip(text);
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
