package dev.muster.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kind;
import dev.muster.drill.kind.Kinds;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class KindsOnClusterTest {

  /** A forgotten line of META-INF/services fails here, and a trait that says something else. */
  @Test
  void whoDoesAKindIsWhatItsTraitsSay() {
    for (Kind kind : Kinds.all()) {
      for (String in : List.of("node", "pod")) {
        FaultKind plain = kind.plain(in);
        OnCluster<FaultKind> on = KindsOnCluster.of(plain);
        assertThat(on.kind()).isEqualTo(plain.getClass());
        assertThat(on instanceof OnCluster.ByAgent<FaultKind>)
            .as(kind.word())
            .isEqualTo(plain.byAgent());
        assertThat(on instanceof OnCluster.ByPod<FaultKind>)
            .as(kind.word())
            .isEqualTo(plain.is(Trait.BY_POD));
        assertThat(on instanceof OnCluster.ByPower<FaultKind>)
            .as(kind.word())
            .isEqualTo(plain.is(Trait.CUTS_POWER));
        assertThat(on instanceof OnCluster.ThroughApi<FaultKind>)
            .as(kind.word())
            .isEqualTo(!plain.byAgent() && !plain.is(Trait.CUTS_POWER));
      }
    }
  }

  @Test
  void noneIsOfAKindThatIsNone() {
    assertThat(ServiceLoader.load(OnCluster.class))
        .extracting(on -> on.kind().getSimpleName())
        .containsExactlyInAnyOrderElementsOf(Kinds.all().stream().map(Kind::word).toList());
  }
}
