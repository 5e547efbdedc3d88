package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final List<String> KNOWN = List.of("duration", "ttl", "replacedPods");

  @Test
  void finds_what_was_meant() {
    assertThat(NearestName.to("duraton", KNOWN)).contains("duration");
    assertThat(NearestName.to("tll", KNOWN)).contains("ttl");
    assertThat(NearestName.to("replacedpods", KNOWN)).contains("replacedPods");
  }

  @Test
  void says_nothing_where_nothing_is_near() {
    assertThat(NearestName.to("colour", KNOWN)).isEmpty();
  }

  @Test
  void a_swap_of_neighbours_is_one_step() {
    assertThat(NearestName.distance("tlt", "ttl")).isEqualTo(1);
    assertThat(NearestName.distance("", "ttl")).isEqualTo(3);
  }
}
