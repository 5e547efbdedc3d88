package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final List<String> KNOWN = List.of("duration", "ttl", "replacedPods");

  @Test
  void findsWhatWasMeant() {
    assertThat(NearestName.to("duraton", KNOWN)).contains("duration");
    assertThat(NearestName.to("tll", KNOWN)).contains("ttl");
    assertThat(NearestName.to("replacedpods", KNOWN)).contains("replacedPods");
  }

  @Test
  void saysNothingWhereNothingIsNear() {
    assertThat(NearestName.to("colour", KNOWN)).isEmpty();
  }

  @Test
  void aSwapOfNeighboursIsOneStep() {
    assertThat(NearestName.distance("tlt", "ttl")).isEqualTo(1);
    assertThat(NearestName.distance("", "ttl")).isEqualTo(3);
  }
}
