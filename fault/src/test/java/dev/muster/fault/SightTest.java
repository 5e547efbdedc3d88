package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.port.Effect;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That nobody could look is not told as if somebody had looked and seen nothing. */
class SightTest {
  private boolean forbidden;

  private final Sight sight =
      new Sight(
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
    assertThat(sight.seen()).isEmpty();
    assertThat(sight.unseen())
        .isEqualTo("the effect could not be looked for: pods \"w\" is forbidden");
  }

  @Test
  void aLookThatFailedOnceIsForgottenAfterOneThatDidNot() throws InterruptedException {
    forbidden = true;
    sight.seen();
    forbidden = false;
    sight.seen();
    assertThat(sight.unseen()).isEqualTo("the pod still answers");
  }
}
