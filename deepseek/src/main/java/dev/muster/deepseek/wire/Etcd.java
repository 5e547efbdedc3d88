package dev.muster.deepseek.wire;

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
import tools.jackson.databind.JsonNode;

/**
 * etcd 3.4 by its JSON gateway: the few calls this service needs.
 *
 * <p>A call that fails on one member is tried on the next; every call here may safely happen twice.
 * The member that answered last is asked first. Safe for use by several threads.
 */
public final class Etcd {
  private static final Duration CONNECT = Duration.ofMillis(300);

  private final Names members;
  private final Duration timeout;
  private final AtomicInteger preferred = new AtomicInteger();

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
    return call("/v3/lease/grant", "{\"TTL\":" + ttl.toSeconds() + "}").path("ID").asString();
  }

  /** Whether the lease still lived. */
  public boolean keepAlive(String lease) throws IOException {
    var answer = call("/v3/lease/keepalive", "{\"ID\":" + Json.quote(lease) + "}");
    return answer.path("result").path("TTL").asInt(0) > 0;
  }

  /** Ends a lease and removes its keys. */
  public void revoke(String lease) throws IOException {
    call("/v3/lease/revoke", "{\"ID\":" + Json.quote(lease) + "}");
  }

  public void put(String key, String value) throws IOException {
    put(key, value, "0");
  }

  public void put(String key, String value, String lease) throws IOException {
    call(
        "/v3/kv/put",
        "{\"key\":\"%s\",\"value\":\"%s\",\"lease\":%s}"
            .formatted(base64(key), base64(value), Json.quote(lease)));
  }

  public Snapshot list(String prefix) throws IOException {
    var answer = call("/v3/kv/range", "{" + range(prefix) + "}");
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
        "{\"create_request\":{%s,\"start_revision\":\"%d\"}}".formatted(range(prefix), from);
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
      try (var call = post(member, path, json, share)) {
        call.silence(share);
        return Json.parse(call.body().readAllBytes());
      } catch (Refused e) {
        throw e;
      } catch (IOException | JacksonException e) {
        last = e instanceof IOException io ? io : new IOException("etcd answered no JSON", e);
        distrust(member);
      }
    }
    throw last;
  }

  private void distrust(int member) {
    preferred.compareAndSet(member, (member + 1) % members.size());
  }

  private HttpCall post(int member, String path, String json, Duration bound) throws IOException {
    var connect = bound.compareTo(CONNECT) < 0 ? bound : CONNECT;
    var call =
        HttpCall.post(
            members.address(member),
            path,
            Map.of(),
            json.getBytes(StandardCharsets.UTF_8),
            connect,
            bound);
    var status = call.status();
    if (status == 200) {
      return call;
    }
    try (call) {
      var body = new String(call.body().readNBytes(1000), StandardCharsets.UTF_8).strip();
      var message = "etcd answered " + status + " to " + path + ": " + body;
      throw status < 500 && status != 408 ? new Refused(message) : new IOException(message);
    }
  }

  private static String range(String prefix) {
    var bytes = prefix.getBytes(StandardCharsets.UTF_8);
    var end = bytes.clone();
    end[end.length - 1]++;
    var encoder = Base64.getEncoder();
    return "\"key\":\"%s\",\"range_end\":\"%s\""
        .formatted(encoder.encodeToString(bytes), encoder.encodeToString(end));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
