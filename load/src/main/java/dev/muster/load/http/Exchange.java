package dev.muster.load.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request and what comes of it. Only {@link #cut} is for other threads than the loop's. */
public final class Exchange implements ResponseReader.Parts {

  /** Is told on the loop's thread, and must not block it. */
  public interface Listener {
    /** The first packet left: the request's own, or the one that opens a connection for it. */
    void sent();

    void head(ResponseHead head);

    /** A piece of the body as it arrived, valid during the call only. */
    void body(byte[] bytes, int offset, int length);

    /** The response is whole. Either this or {@link #broken} is the last that it is told. */
    void whole();

    /**
     * @param words what happened, for a person
     */
    void broken(ExchangeFailure why, String words);
  }

  private final Loop loop;
  private final Listener listener;
  private final ByteBuffer request;
  private final Duration toBeWhole;
  private final @Nullable Duration silence;
  private @Nullable Connection connection;
  private Loop.@Nullable Timer untilConnected;
  private Loop.@Nullable Timer untilWhole;
  private Loop.@Nullable Timer untilSilent;
  private long heard;
  private boolean sent;
  private boolean over;

  Exchange(
      Loop loop,
      byte[] request,
      Duration toBeWhole,
      @Nullable Duration silence,
      Listener listener) {
    this.silence = silence;
    this.toBeWhole = toBeWhole;
    this.loop = loop;
    this.listener = listener;
    this.request = ByteBuffer.wrap(request);
  }

  /** Ends it, unless it has ended. Safe for use by any thread; the listener is told later. */
  public void cut() {
    loop.execute(() -> broken(ExchangeFailure.CUT, "cut off by the client"));
  }

  ByteBuffer request() {
    return request;
  }

  boolean over() {
    return over;
  }

  void on(Connection carrier) {
    connection = carrier;
  }

  /** From now on time is counted. */
  void left(Duration toConnect) {
    if (!sent) {
      sent = true;
      untilConnected = loop.after(toConnect, () -> late(ExchangeFailure.NOT_CONNECTED, toConnect));
      untilWhole = loop.after(toBeWhole, () -> late(ExchangeFailure.TIMED_OUT, toBeWhole));
      heard = System.nanoTime();
      if (silence != null) {
        listen(silence, silence);
      }
      listener.sent();
    }
  }

  /** One timer for all pieces: most of them come in time, and are many. */
  private void listen(Duration atMost, Duration left) {
    untilSilent =
        loop.after(
            left,
            () -> {
              var still = atMost.minusNanos(System.nanoTime() - heard);
              if (still.isPositive()) {
                listen(atMost, still);
              } else {
                broken(ExchangeFailure.SILENT, "nothing came for " + seconds(atMost) + " s");
              }
            });
  }

  void connected() {
    if (untilConnected != null) {
      untilConnected.cancel();
    }
  }

  private void late(ExchangeFailure why, Duration limit) {
    var what = why == ExchangeFailure.NOT_CONNECTED ? "not connected" : "not complete";
    broken(why, what + " " + seconds(limit) + " s after it was sent");
  }

  private static String seconds(Duration time) {
    return time.toMillisPart() == 0
        ? Long.toString(time.toSeconds())
        : Double.toString(time.toMillis() / 1000.0);
  }

  @Override
  public void head(ResponseHead head) {
    heard = System.nanoTime();
    listener.head(head);
  }

  @Override
  public void body(byte[] bytes, int offset, int length) {
    heard = System.nanoTime();
    listener.body(bytes, offset, length);
  }

  void whole() {
    if (end()) {
      listener.whole();
    }
  }

  void broken(ExchangeFailure why, String words) {
    if (end()) {
      if (connection != null) {
        connection.abandon();
      }
      listener.broken(why, words);
    }
  }

  private boolean end() {
    if (over) {
      return false;
    }
    over = true;
    connected();
    if (untilWhole != null) {
      untilWhole.cancel();
    }
    if (untilSilent != null) {
      untilSilent.cancel();
    }
    return true;
  }
}
