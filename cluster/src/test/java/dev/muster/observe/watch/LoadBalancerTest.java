package dev.muster.observe.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.hostile.HostileApi;
import dev.muster.timeline.Event;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadBalancerTest {
  private final HostileApi server = new HostileApi();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<Duration> within = new CopyOnWriteArrayList<>();
  private final LoadBalancer balancer =
      new LoadBalancer(
          URI.create(server.url() + "/stats"),
          Duration.ofMillis(20),
          Clock.systemUTC(),
          events::add,
          (csv, gap) -> {
            told.add(csv);
            within.add(gap);
          });

  LoadBalancerTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    balancer.close();
    server.close();
  }

  /** One failed poll ended the polling for ever. */
  @Test
  void oneThatDoesNotAnswerForAMomentIsAskedAgain() throws IOException {
    server.when("GET /stats", to -> to.answer(200, "one"));
    balancer.follow();
    await().until(() -> told.contains("one"));
    server.down();
    await().until(() -> events.size() == 1);
    assertThat(events.getFirst()).isInstanceOf(Event.ObservationLost.class);
    server.when("GET /stats", to -> to.answer(200, "two"));
    server.up();
    await().until(() -> told.contains("two") && events.size() == 2);
    assertThat(((Event.ObservationResumed) events.getLast()).what()).isEqualTo("load balancer");
    Duration gap = events.getFirst().stamp().uncertainty();
    assertThat(within.get(told.indexOf("two"))).isGreaterThanOrEqualTo(gap);
  }

  @Test
  void anErrorIsNoStatistics() {
    server.when("GET /stats", HostileApi.fails(503, "no"));
    balancer.follow();
    await().until(() -> events.size() == 1);
    assertThat(((Event.ObservationLost) events.getFirst()).why()).isEqualTo("HTTP 503");
    assertThat(told).isEmpty();
  }
}
