package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.ApiError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who is let in, how many at once, and with how many bytes of bodies in all: a body is several
 * times its size while it is read. Safe for use by several threads.
 */
final class Admission {
  private static final Duration A_WHILE = Duration.ofSeconds(1);

  private final List<String> keys;
  private final int perKey;
  private final int all;
  private final long allBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger running = new AtomicInteger();
  private final Map<String, Integer> runningByKey = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** A place; to be closed. */
  final class Place implements AutoCloseable {
    private final String key;
    private long body;

    private Place(String key, long body) {
      this.key = key;
      this.body = body;
    }

    /** The body is there, and has so many bytes. */
    void body(long size) {
      bytes.addAndGet(size - body);
      body = size;
    }

    @Override
    public void close() {
      leave(body);
      runningByKey.computeIfPresent(key, (_, n) -> n > 1 ? n - 1 : null);
    }
  }

  /**
   * @param perKey requests at once; 0 means no limit
   * @param allBytes of the bodies of all requests at once
   */
  Admission(List<String> keys, int perKey, int all, long allBytes) {
    this.keys = List.copyOf(keys);
    this.perKey = perKey;
    this.all = all;
    this.allBytes = allBytes;
  }

  /**
   * @param key of the Authorization header; empty if there is none
   * @param body its bytes, or as many as it may have
   * @throws ApiError 401 for a key that is not known, 429 and 503 for too many
   */
  Place enter(String key, long body) {
    check(key);
    int requests = running.incrementAndGet();
    long held = bytes.addAndGet(body);
    if (requests > all || held > allBytes || closed) {
      leave(body);
      throw closed ? ApiError.busy() : ApiError.overloaded(A_WHILE);
    }
    var mine = runningByKey.merge(key, 1, Integer::sum);
    var place = new Place(key, body);
    if (perKey > 0 && mine > perKey) {
      place.close();
      throw ApiError.tooManyRequests(mine, perKey);
    }
    return place;
  }

  /**
   * @throws ApiError 401 for a key that is not known
   */
  void check(String key) {
    if (!keys.isEmpty() && !keys.contains(key)) {
      throw ApiError.authentication(key.substring(Math.max(0, key.length() - 4)));
    }
  }

  private void leave(long body) {
    running.decrementAndGet();
    bytes.addAndGet(-body);
  }

  /** Whether a request without a key is turned away, which DeepSeek does in plain text. */
  boolean needsKey() {
    return !keys.isEmpty();
  }

  /** From now on nobody is let in. */
  void close() {
    closed = true;
  }

  int running() {
    return running.get();
  }
}
