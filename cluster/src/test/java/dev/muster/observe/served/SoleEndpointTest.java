package dev.muster.observe.served;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.ObjectRef;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SoleEndpointTest {
  private final SoleEndpoint sole = new SoleEndpoint();

  private static Instant at(double second) {
    return Instant.EPOCH.plusMillis(Math.round(second * 1000));
  }

  private static ObjectRef.Pod pod(String name) {
    return new ObjectRef.Pod("llm", name, name + "-uid");
  }

  private void saw(double second, String... names) {
    sole.saw(
        at(second), Arrays.stream(names).map(SoleEndpointTest::pod).collect(Collectors.toSet()));
  }

  private Optional<String> during(double from, double to) {
    return sole.during(at(from), at(to)).map(ObjectRef.Pod::name);
  }

  @Test
  void theOnlyOneServesWhatWasAskedWhileItWas() {
    saw(0, "a");
    saw(2, "a");
    saw(4, "a");
    assertThat(during(0.5, 3.9)).contains("a");
    assertThat(during(0, 4)).contains("a");
  }

  @Test
  void beforeTheFirstAndAfterTheLastLookNobodyKnows() {
    saw(1, "a");
    saw(3, "a");
    assertThat(during(0.9, 2)).isEmpty();
    assertThat(during(2, 3.1)).isEmpty();
  }

  @Test
  void ofTwoNobodyIsNamed() {
    saw(0, "a", "b");
    saw(2, "a", "b");
    assertThat(during(0.5, 1)).isEmpty();
  }

  @Test
  void aChangeInBetweenNamesNobody() {
    saw(0, "a");
    saw(2, "b");
    saw(4, "b");
    assertThat(during(1, 3)).isEmpty();
    assertThat(during(2, 4)).contains("b");
  }

  @Test
  void whatWasNotLookedAtIsNotBridged() {
    saw(0, "a");
    saw(2, "a");
    sole.missed();
    saw(8, "a");
    saw(10, "a");
    assertThat(during(1, 9)).isEmpty();
    assertThat(during(8, 9)).contains("a");
  }
}
