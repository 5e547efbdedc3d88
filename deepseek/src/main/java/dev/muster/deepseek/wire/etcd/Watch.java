package dev.muster.deepseek.wire.etcd;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.http.HttpCall;
import dev.muster.deepseek.wire.http.Lines;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;

/** A watch on a prefix of etcd. One thread reads. */
public final class Watch implements Closeable {
  private static final int LONGEST_MESSAGE = 4 << 20;

  private final HttpCall call;
  private final Lines lines;
  private long revision;

  /** What happened to a key. */
  public sealed interface Change {
    String key();
  }

  /** The key was written. */
  public record Put(String key, String value) implements Change {}

  /** The key was removed, or its lease ended. */
  public record Deleted(String key) implements Change {}

  Watch(HttpCall call) {
    this.call = call;
    this.lines = new Lines(call.body(), LONGEST_MESSAGE);
  }

  /**
   * The next changes, in order; empty for a message without any.
   *
   * @throws SocketTimeoutException if nothing came in that time; the watch is then to be closed,
   *     since a member without power is silent too
   * @throws IOException if the watch is lost or its revision compacted
   */
  public List<Change> next(Duration silence) throws IOException {
    call.silence(silence);
    var line = lines.next();
    if (line == null) {
      throw new IOException("etcd ended the watch");
    }
    try {
      var result = Json.parse(line).path("result");
      if (result.path("canceled").asBoolean(false) || result.isMissingNode()) {
        throw new IOException("etcd cancelled the watch: " + line);
      }
      revision = Math.max(revision, result.path("header").path("revision").asLong(0));
      var changes = new ArrayList<Change>();
      for (var event : result.path("events")) {
        var kv = event.path("kv");
        var key = Etcd.text(kv.path("key"));
        changes.add(
            event.path("type").asString("PUT").equals("DELETE")
                ? new Deleted(key)
                : new Put(key, Etcd.text(kv.path("value"))));
      }
      return changes;
    } catch (JacksonException e) {
      throw new IOException("etcd's watch sent no JSON", e);
    }
  }

  /** Of etcd, as the last message tells it; 0 before the first. */
  public long revision() {
    return revision;
  }

  @Override
  public void close() {
    call.close();
  }
}
