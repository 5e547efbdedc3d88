package dev.muster.drill.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.kind.FaultKind.Trait;
import org.junit.jupiter.api.Test;

class KindsTest {

  @Test
  void aKindIsFoundByItsWord() {
    for (Kind kind : Kinds.all()) {
      assertThat(Kinds.named(kind.word())).contains(kind);
      assertThat(kind.plain("node").word()).isEqualTo(kind.word());
    }
    assertThat(Kinds.named("EarthQuake")).isEmpty();
    assertThat(Kinds.is("EarthQuake", Trait.TAKES_NODE)).isFalse();
  }

  /** What is undone must be able to last, and what nobody could see must not be asked for. */
  @Test
  void onlyWhatIsDoneInAMomentNeedsNoDuration() {
    for (Kind kind : Kinds.all()) {
      boolean instant = Kinds.is(kind.word(), Trait.INSTANT);
      assertThat(kind.needs("duration")).as(kind.word()).isEqualTo(!instant);
      assertThat(kind.needs("ttl")).as(kind.word()).isEqualTo(!instant);
    }
  }
}
