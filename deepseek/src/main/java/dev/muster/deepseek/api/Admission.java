package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.ApiError;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Who is let in, and how many at once. Safe for use by several threads. */
final class Admission {
  private final List<String> keys;
  private final int perKey;
  private final int all;
  private final AtomicInteger running = new AtomicInteger();
  private final Map<String, Integer> runningByKey = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** A place; to be closed. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  Admission(List<String> keys, int perKey, int all) {
    this.keys = List.copyOf(keys);
    this.perKey = perKey;
    this.all = all;
  }

  /**
   * @param key of the Authorization header; empty if there is none
   * @throws ApiError 401 for a key that is not known, 429 and 503 for too many
   */
  Place enter(String key) {
    if (!keys.isEmpty() && !keys.contains(key)) {
      throw ApiError.authentication(key.substring(Math.max(0, key.length() - 4)));
    }
    if (running.incrementAndGet() > all || closed) {
      running.decrementAndGet();
      throw ApiError.busy();
    }
    var mine = runningByKey.merge(key, 1, Integer::sum);
    Place place =
        () -> {
          running.decrementAndGet();
          runningByKey.computeIfPresent(key, (_, n) -> n > 1 ? n - 1 : null);
        };
    if (perKey > 0 && mine > perKey) {
      place.close();
      throw ApiError.tooManyRequests(mine, perKey);
    }
    return place;
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
