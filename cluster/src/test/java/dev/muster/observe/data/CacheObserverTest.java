package dev.muster.observe.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.observe.ObservationException;
import dev.muster.observe.ask.JsonApi;
import dev.muster.observe.ask.NoPort;
import dev.muster.observe.ask.Replica;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.CachesChanged;
import dev.muster.timeline.Event.CachesChanged.Cache;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Gateways and an etcd that answer what the test says. */
class CacheObserverTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final List<Event> events = new ArrayList<>();
  private List<String> registered = List.of("w-1", "w-2");
  private List<Replica> gateways = List.of(gateway("g-1", 42, "w-1", "w-2"));
  private boolean quorum = true;

  private final CacheObserver observer =
      new CacheObserver(
          new ServiceEtcd(() -> List.of(new Replica("etcd-0", "n", true, new Api(this::range)))),
          () -> gateways,
          () -> List.of(worker("w-2", true), worker("w-1", true), worker("w-3", false)),
          Duration.ofHours(1),
          Clock.systemUTC(),
          events::add);

  private record Api(java.util.function.Supplier<String> answer) implements JsonApi {
    @Override
    public JsonNode get(String path, Map<String, String> query) {
      return MAPPER.readTree(answer.get());
    }

    @Override
    public JsonNode post(String path, JsonNode body) {
      return get(path, Map.of());
    }
  }

  private static Replica gateway(String pod, long revision, String... workers) {
    var known = String.join("\",\"", workers);
    return new Replica(
        pod,
        "n",
        true,
        new Api(() -> "{\"revision\":" + revision + ",\"workers\":[\"" + known + "\"]}"));
  }

  private static Replica worker(String pod, boolean ready) {
    return new Replica(pod, "n", ready, new NoPort(pod, "http"));
  }

  private String range() {
    if (!quorum) {
      throw new ObservationException("etcd-0: HTTP 503");
    }
    var kvs =
        registered.stream()
            .map(pod ->
                "{\"key\":\"%s\",\"value\":\"%s\",\"create_revision\":\"7\"}"
                    .formatted(
                        base64(ServiceEtcd.WORKERS + pod),
                        base64("{\"pod\":\"" + pod + "\",\"state\":\"ready\"}")))
            .toList();
    return "{\"header\":{\"revision\":\"42\"},\"kvs\":[" + String.join(",", kvs) + "]}";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatEachGatewayKnowsIsToldBesideWhatEtcdKnows() {
    gateways = List.of(gateway("g-1", 42, "w-2", "w-1"), gateway("g-2", 17, "w-1"));
    observer.end();
    var told = (CachesChanged) events.getLast();
    assertThat(told.registered()).containsExactly("w-1", "w-2");
    assertThat(told.ready()).containsExactly("w-1", "w-2");
    assertThat(told.caches())
        .containsExactly(
            new Cache("g-1", List.of("w-1", "w-2"), 42, null),
            new Cache("g-2", List.of("w-1"), 17, null));
  }

  @Test
  void aGatewayThatDoesNotTellIsNotTakenForEmpty() {
    gateways = List.of(new Replica("g-1", "n", true, new NoPort("g-1", "debug")));
    observer.end();
    assertThat(((CachesChanged) events.getLast()).caches())
        .containsExactly(new Cache("g-1", List.of(), 0, "pod g-1 has no port named debug"));
  }

  @Test
  void withoutEtcdTheLastLookSaysWhy() {
    quorum = false;
    assertThatThrownBy(observer::end)
        .isInstanceOf(ObservationException.class)
        .hasMessage("etcd-0: HTTP 503");
    assertThat(events).isEmpty();
  }
}
