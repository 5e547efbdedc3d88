package dev.muster.deepseek.wire.etcd;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.http.HttpCall;
import dev.muster.deepseek.wire.http.KeptCalls;
import dev.muster.deepseek.wire.http.Names;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * etcd 3.4 by its JSON gateway: the few calls this service needs.
 *
 * <p>A call that fails on one member is tried on the next; every call here may safely happen twice.
 * The member that answered last is asked first, on the same connection if that was a moment ago:
 * one that is closed meanwhile costs a second try. Safe for use by several threads.
 */
public final class Etcd {
  private static final Duration CONNECT = Duration.ofMillis(300);

  private final Names members;
  private final Duration timeout;
  private final AtomicInteger preferred = new AtomicInteger();
  private final KeptCalls kept = new KeptCalls(Duration.ofSeconds(2));

  /** One key with its value. */
  public record Entry(String key, String value) {}

  /** What a prefix held at a revision. */
  public record Snapshot(long revision, List<Entry> entries) {}

  /** etcd answered and refused: asking another member gains nothing. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * @param members like {@code http://host:2379}
   * @param timeout bound for a whole call, all members together
   */
  public Etcd(List<URI> members, Duration timeout) {
    this.members = new Names(members);
    this.timeout = timeout;
  }

  /** A new lease's id. */
  public String grant(Duration ttl) throws IOException {
    return call(
            "/v3/lease/grant",
            Json.object(json -> json.writeNumberProperty("TTL", ttl.toSeconds())))
        .path("ID")
        .asString();
  }

  /** Whether the lease still lived. */
  public boolean keepAlive(String lease) throws IOException {
    var answer = call("/v3/lease/keepalive", id(lease));
    return answer.path("result").path("TTL").asInt(0) > 0;
  }

  /** Ends a lease and removes its keys. */
  public void revoke(String lease) throws IOException {
    call("/v3/lease/revoke", id(lease));
  }

  public void put(String key, String value) throws IOException {
    put(key, value, "0");
  }

  public void put(String key, String value, String lease) throws IOException {
    call("/v3/kv/put", Json.object(json -> write(json, new Entry(key, value), lease)));
  }

  /** Puts all of them, or none, under one lease; no two may have the same key. */
  public void putAll(List<Entry> entries, String lease) throws IOException {
    call(
        "/v3/kv/txn",
        Json.object(json -> {
          json.writeArrayPropertyStart("success");
          for (var entry : entries) {
            json.writeStartObject().writeObjectPropertyStart("request_put");
            write(json, entry, lease);
            json.writeEndObject().writeEndObject();
          }
          json.writeEndArray();
        }));
  }

  public Snapshot list(String prefix) throws IOException {
    var answer = call("/v3/kv/range", Json.object(json -> range(json, prefix)));
    var entries = new ArrayList<Entry>();
    for (var kv : answer.path("kvs")) {
      entries.add(new Entry(text(kv.path("key")), text(kv.path("value"))));
    }
    return new Snapshot(answer.path("header").path("revision").asLong(0), entries);
  }

  /**
   * Watches a prefix.
   *
   * @param from first revision of interest
   */
  public Watch watch(String prefix, long from) throws IOException {
    var request =
        Json.object(json -> {
          json.writeObjectPropertyStart("create_request");
          range(json, prefix);
          json.writeStringProperty("start_revision", Long.toString(from)).writeEndObject();
        });
    var member = preferred.get();
    try {
      return new Watch(post(member, "/v3/watch", request, timeout));
    } catch (IOException e) {
      distrust(member);
      throw e;
    }
  }

  static String text(JsonNode base64) {
    return new String(Base64.getDecoder().decode(base64.asString("")), StandardCharsets.UTF_8);
  }

  private JsonNode call(String path, String json) throws IOException {
    var end = System.nanoTime() + timeout.toNanos();
    IOException last = new IOException("no time left to ask etcd");
    for (int i = 0; i < members.size(); i++) {
      var member = preferred.get();
      var left = Duration.ofNanos(end - System.nanoTime());
      if (left.isNegative() || left.isZero()) {
        break;
      }
      // A frozen member must leave time for the next one
      var share = i + 1 < members.size() ? left.dividedBy(2) : left;
      try {
        return ask(member, path, json, share);
      } catch (Refused e) {
        throw e;
      } catch (IOException | JacksonException e) {
        last = e instanceof IOException io ? io : new IOException("etcd answered no JSON", e);
        distrust(member);
      }
    }
    throw last;
  }

  private JsonNode ask(int member, String path, String json, Duration bound) throws IOException {
    var end = System.nanoTime() + bound.toNanos();
    var call =
        kept.post(
            members.address(member),
            path,
            Map.of(),
            json.getBytes(StandardCharsets.UTF_8),
            connect(bound),
            () -> end);
    try {
      if (call.status() != 200) {
        throw refusal(call, path);
      }
      call.silence(bound);
      return Json.parse(call.body().readAllBytes());
    } finally {
      kept.release(call);
    }
  }

  private void distrust(int member) {
    preferred.compareAndSet(member, (member + 1) % members.size());
  }

  private HttpCall post(int member, String path, String json, Duration bound) throws IOException {
    var call =
        HttpCall.post(
            members.address(member),
            path,
            Map.of(),
            json.getBytes(StandardCharsets.UTF_8),
            connect(bound),
            bound);
    if (call.status() == 200) {
      return call;
    }
    try (call) {
      throw refusal(call, path);
    }
  }

  private static Duration connect(Duration bound) {
    return bound.compareTo(CONNECT) < 0 ? bound : CONNECT;
  }

  private static IOException refusal(HttpCall call, String path) throws IOException {
    var body = new String(call.body().readNBytes(1000), StandardCharsets.UTF_8).strip();
    var message = "etcd answered " + call.status() + " to " + path + ": " + body;
    return call.status() < 500 && call.status() != 408
        ? new Refused(message)
        : new IOException(message);
  }

  private static String id(String lease) {
    return Json.object(json -> json.writeStringProperty("ID", lease));
  }

  private static void write(JsonGenerator json, Entry entry, String lease) {
    json.writeName("key").writeBinary(entry.key().getBytes(StandardCharsets.UTF_8));
    json.writeName("value").writeBinary(entry.value().getBytes(StandardCharsets.UTF_8));
    json.writeStringProperty("lease", lease);
  }

  private static void range(JsonGenerator json, String prefix) {
    var bytes = prefix.getBytes(StandardCharsets.UTF_8);
    var end = bytes.clone();
    end[end.length - 1]++;
    json.writeName("key").writeBinary(bytes);
    json.writeName("range_end").writeBinary(end);
  }
}
