package dev.muster.verdict.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.verdict.recovery.ZoneDisruption.Nodes;
import dev.muster.verdict.recovery.ZoneDisruption.State;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases of TestMonitorNodeHealth and of the rates in Kubernetes, told anew. */
class ZoneDisruptionTest {

  /** Another zone is well. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, NORMAL, 0.1",
    "0, 1, FULL, 0.1",
    "0, 2, FULL, 0.1",
    "1, 3, PARTIAL, 0",
    "3, 2, NORMAL, 0.1",
    "2, 3, PARTIAL, 0",
    "1, 2, NORMAL, 0.1", // fewer than three
    "0, 3, FULL, 0.1",
    "9, 11, PARTIAL, 0", // 55 % is enough
    "10, 12, NORMAL, 0.1", // 54.5 % is not
    "22, 28, PARTIAL, 0", // a zone of 50 is small
    "22, 29, PARTIAL, 0.01", // one of 51 is not
    "0, 60, FULL, 0.1",
  })
  void aZoneIsJudgedByItsNodes(int ready, int notReady, State state, double rate) {
    var decided = ZoneDisruption.of(Map.of("a", new Nodes(ready, notReady), "b", new Nodes(1, 0)));
    assertThat(decided).containsEntry("a", new ZoneDisruption(state, rate));
    assertThat(decided).containsEntry("b", new ZoneDisruption(State.NORMAL, 0.1));
  }

  @Test
  void nothingIsEvictedWhereAllZonesAreFullyDisrupted() {
    assertThat(ZoneDisruption.of(Map.of("a", new Nodes(0, 1), "b", new Nodes(0, 60))))
        .containsEntry("a", new ZoneDisruption(State.FULL, 0))
        .containsEntry("b", new ZoneDisruption(State.FULL, 0));
    // one zone alone is all of them
    assertThat(ZoneDisruption.of(Map.of("", new Nodes(0, 4))))
        .containsEntry("", new ZoneDisruption(State.FULL, 0));
    assertThat(ZoneDisruption.of(Map.of("", new Nodes(1, 3))))
        .containsEntry("", new ZoneDisruption(State.PARTIAL, 0));
  }

  @Test
  void aFullyDisruptedZoneBesideAPartlyDisruptedOneIsEvictedAsUsual() {
    assertThat(ZoneDisruption.of(Map.of("a", new Nodes(0, 2), "b", new Nodes(1, 3))))
        .containsEntry("a", new ZoneDisruption(State.FULL, 0.1))
        .containsEntry("b", new ZoneDisruption(State.PARTIAL, 0));
  }
}
