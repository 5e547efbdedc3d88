package dev.muster.deepseek.prefill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.etcd.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PrefillersTest {
  private long now = 1;
  private final Prefillers prefillers = new Prefillers(() -> now);

  private void known(String... pods) {
    prefillers.replace(
        Stream.of(pods).map(p -> new Registration(p, "10.0.0.1:8000", "ready")).toList());
  }

  private Prefillers.Place take(int tokens) {
    return prefillers.take(Set.of(), tokens).orElseThrow();
  }

  @Test
  void whoOwesTheFewestTokensGetsTheNextPrompt() {
    known("a", "b");
    var large = take(5_000);
    var other = large.pod().equals("a") ? "b" : "a";
    assertThat(take(1_000).pod()).isEqualTo(other);
    var third = take(1_000);
    assertThat(third.pod()).isEqualTo(other);
    assertThat(third.owed()).isEqualTo(2_000);
    large.close();
    assertThat(take(1).pod()).as("which owes nothing any more").isEqualTo(large.pod());
  }

  @Test
  void thoseThatOweTheSameTakeTurns() {
    known("a", "b");
    var first = take(1);
    first.close();
    assertThat(take(1).pod()).isNotEqualTo(first.pod());
  }

  @Test
  void whoFailedIsLeftAloneForAWhile() {
    known("a");
    var place = take(1);
    place.failed();
    place.close();
    assertThat(prefillers.take(Set.of(), 1)).isEmpty();
    now += Duration.ofSeconds(4).toNanos();
    assertThat(prefillers.take(Set.of(), 1)).isPresent();
  }

  @Test
  void whoWasTriedOrIsGoneIsNotAsked() {
    known("a", "b");
    assertThat(prefillers.take(Set.of("a"), 1).orElseThrow().pod()).isEqualTo("b");
    assertThat(prefillers.take(Set.of("a", "b"), 1)).isEmpty();
    known("b");
    assertThat(prefillers.take(Set.of("b"), 1)).isEmpty();
    assertThat(prefillers.size()).isEqualTo(1);
  }

  @Test
  void whoIsRegisteredAnewIsNew() {
    known("a");
    take(1).failed();
    known("a");
    assertThat(prefillers.take(Set.of(), 1)).as("the same one").isEmpty();
    prefillers.replace(List.of(new Registration("a", "10.0.0.2:8000", "ready")));
    assertThat(prefillers.take(Set.of(), 1)).isPresent();
  }
}
