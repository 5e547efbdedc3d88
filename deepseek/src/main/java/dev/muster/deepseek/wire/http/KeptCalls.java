package dev.muster.deepseek.wire.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections whose answer is read, kept for the next question to the same server. For a moment
 * only: servers close what is idle for longer, and nobody is asked who is long gone. Safe for use
 * by several threads.
 */
public final class KeptCalls {
  private final Watchdog.Watched watched = this::look;
  private final long most;
  private final Map<InetSocketAddress, Deque<Idle>> idle = new HashMap<>();

  private record Idle(HttpCall call, long since) {}

  /**
   * @param most for how long one is kept
   */
  public KeptCalls(Duration most) {
    this.most = most.toNanos();
  }

  /**
   * Sends a POST of JSON and reads the head of the answer, on a connection that was kept or on a
   * new one; to be given back by {@link #release}. One that the server closed meanwhile costs a
   * second try, so that the server may see a question twice where it died of the first.
   *
   * @param headers further headers, each without line breaks
   * @param connect bound for a new connection
   * @param deadline of the next byte, as in {@link HttpCall#until}
   * @throws SocketTimeoutException if a bound passed
   * @throws ConnectException if the server cannot be reached
   */
  public HttpCall post(
      InetSocketAddress to,
      String path,
      Map<String, String> headers,
      byte[] json,
      Duration connect,
      LongSupplier deadline)
      throws IOException {
    var kept = take(to);
    if (kept != null) {
      try {
        kept.askAgain(path, headers, json, deadline);
        return kept;
      } catch (SocketTimeoutException | ConnectException e) {
        throw e;
      } catch (IOException e) {
        // an interrupt closes the connection as well: whoever wanted the answer is gone
        if (!kept.unheard() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
    var call = HttpCall.connect(to, connect);
    call.ask(path, headers, json, deadline);
    return call;
  }

  /** Nobody reads it any more: it is kept if its answer was read to the end, else closed. */
  public void release(HttpCall call) {
    if (!call.reusable()) {
      call.close();
      return;
    }
    call.rest();
    synchronized (this) {
      if (idle.isEmpty()) {
        Watchdog.SHARED.add(watched);
      }
      idle.computeIfAbsent(call.to(), _ -> new ArrayDeque<>())
          .addLast(new Idle(call, System.nanoTime()));
    }
  }

  /** The one that was used last, so that those that are not needed grow old. */
  private synchronized @Nullable HttpCall take(InetSocketAddress to) {
    var calls = idle.get(to);
    var last = calls == null ? null : calls.pollLast();
    return last == null ? null : last.call();
  }

  private synchronized void look(long nanos) {
    for (var each = idle.values().iterator(); each.hasNext(); ) {
      var calls = each.next();
      while (!calls.isEmpty() && nanos - calls.getFirst().since() >= most) {
        calls.removeFirst().call().close();
      }
      if (calls.isEmpty()) {
        each.remove();
      }
    }
    if (idle.isEmpty()) {
      Watchdog.SHARED.remove(watched);
    }
  }
}
