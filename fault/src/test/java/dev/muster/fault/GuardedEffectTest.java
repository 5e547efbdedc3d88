package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.port.Effect;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That nobody could look is not told as if somebody had looked and seen nothing. */
class GuardedEffectTest {
  private boolean forbidden;

  private final GuardedEffect guarded =
      new GuardedEffect(
          new Effect() {
            @Override
            public Optional<String> before() {
              return Optional.empty();
            }

            @Override
            public Optional<Map<String, String>> seen() {
              if (forbidden) {
                throw new IllegalStateException("pods \"w\" is forbidden");
              }
              return Optional.empty();
            }

            @Override
            public String unseen() {
              return "the pod still answers";
            }

            @Override
            public Look again() {
              return new Untold("nothing");
            }
          });

  @Test
  void whyItCouldNotBeLookedForIsToldWhereNothingWasSeen() throws InterruptedException {
    forbidden = true;
    assertThat(guarded.seen()).isEmpty();
    assertThat(guarded.unseen())
        .isEqualTo("the effect could not be looked for: pods \"w\" is forbidden");
  }

  @Test
  void aLookThatFailedOnceIsForgottenAfterOneThatDidNot() throws InterruptedException {
    forbidden = true;
    guarded.seen();
    forbidden = false;
    guarded.seen();
    assertThat(guarded.unseen()).isEqualTo("the pod still answers");
  }
}
