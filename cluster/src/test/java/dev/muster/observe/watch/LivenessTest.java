package dev.muster.observe.watch;

import static dev.muster.hostile.HostileApi.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.hostile.HostileApi;
import dev.muster.observe.ObservationTracker;
import dev.muster.timeline.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LivenessTest {
  private static final Duration EVERY = Duration.ofMillis(50);

  private final HostileApi api = new HostileApi();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private KubernetesClient probe = ListWatchTest.client(api, Duration.ofSeconds(20));
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<Instant> dead = new CopyOnWriteArrayList<>();
  private Liveness liveness = liveness();

  LivenessTest() throws IOException {}

  private Liveness liveness() {
    return new Liveness(probe, EVERY, now::get, events::add, dead::add);
  }

  private void pass(Duration time) {
    now.updateAndGet(n -> n.plus(time));
  }

  @AfterEach
  void close() throws IOException {
    liveness.close();
    probe.close();
    api.close();
  }

  private void begin() {
    liveness.follow();
    awaitLooks(3);
  }

  private void awaitLooks(int more) {
    int already = api.asked().size();
    await().until(() -> api.asked().size() >= already + more);
  }

  private Event.ObservationLost lost() {
    await().until(() -> !events.isEmpty());
    return (Event.ObservationLost) events.getFirst();
  }

  private void awaitResumed() {
    await().until(() -> events.size() == 2);
    assertThat(events.getLast()).isInstanceOf(Event.ObservationResumed.class);
    assertThat(((Event.ObservationResumed) events.getLast()).what()).isEqualTo("api-server");
  }

  @Test
  void oneThatAnswersIsNotTalkedOf() {
    begin();
    assertThat(events).isEmpty();
    assertThat(dead).isEmpty();
    assertThat(liveness.uncertainty()).isEqualTo(ObservationTracker.USUAL);
  }

  @Test
  void oneThatIsAwayIsLostAndSeenAgain() throws IOException {
    begin();
    api.down();
    assertThat(lost().what()).isEqualTo("api-server");
    assertThat(lost().why()).isEqualTo("nobody listens there");
    await().until(() -> dead.size() > 1);
    assertThat(dead).containsOnly(now.get());
    pass(Duration.ofSeconds(8));
    assertThat(liveness.uncertainty()).isEqualTo(Duration.ofSeconds(8));
    api.up();
    awaitResumed();
    assertThat(liveness.uncertainty()).isEqualTo(Duration.ofSeconds(8));
    pass(ObservationTracker.USUAL);
    assertThat(liveness.uncertainty()).isEqualTo(ObservationTracker.USUAL);
  }

  @Test
  void oneThatHangsWithoutClosingIsLost() {
    liveness.close();
    probe.close();
    probe = ListWatchTest.client(api, Duration.ofMillis(400));
    liveness = liveness();
    liveness.follow();
    await().until(() -> api.asked().contains("GET /livez"));
    api.freeze();
    await()
        .until(() ->
            events.stream()
                .anyMatch(e ->
                    e instanceof Event.ObservationLost lost
                        && lost.why().equals("no answer in time")));
    api.thaw();
    await().until(() -> events.getLast() instanceof Event.ObservationResumed);
  }

  /** While an answer is awaited nobody knows whether there is one; nothing is said of it. */
  @Test
  void oneThatAnswersLateMakesWhatIsToldMeanwhileUncertain() {
    begin();
    api.freeze();
    pass(Duration.ofSeconds(2));
    assertThat(liveness.uncertainty()).isEqualTo(Duration.ofSeconds(2));
    api.thaw();
    awaitLooks(2);
    assertThat(liveness.uncertainty()).isEqualTo(Duration.ofSeconds(2));
    pass(ObservationTracker.USUAL);
    awaitLooks(2);
    assertThat(liveness.uncertainty()).isEqualTo(ObservationTracker.USUAL);
    assertThat(events).isEmpty();
  }

  @Test
  void oneThatFailsIsLostInItsOwnWords() {
    begin();
    api.when("GET /livez", fails(500, "etcd failed"));
    assertThat(lost().why()).endsWith("/livez was answered with 500 etcd failed");
    api.well();
    awaitResumed();
  }

  @Test
  void oneThatDoesNotLetUsAskLives() {
    api.when("GET /livez", fails(403, "forbidden"));
    begin();
    api.when("GET /livez", fails(429, "too many requests", "Retry-After: 1"));
    awaitLooks(3);
    assertThat(events).isEmpty();
  }
}
