package dev.muster.observe.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.port.Effect;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BothEffectsTest {
  private static final Effect.Look LASTS = new Effect.Lasts(Map.of("a", "1"));
  private static final Effect.Look OVER = new Effect.Over(Map.of("a", "2"));

  private final Told one = new Told("a");
  private final Told other = new Told("b");
  private final BothEffects both = new BothEffects(one, other);

  @Test
  void itIsSeenWhereBothSeeIt() throws InterruptedException {
    assertThat(both.seen()).isEmpty();
    one.there = true;
    assertThat(both.seen()).isEmpty();
    one.there = false;
    other.there = true;
    assertThat(both.seen()).isEmpty();
    one.there = true;
    assertThat(both.seen()).contains(Map.of("a", "seen", "b", "seen"));
    assertThat(one.asked).isEqualTo(4);
    assertThat(other.asked).as("whatever the first said").isEqualTo(4);
    assertThat(both.unseen()).isEqualTo("a unseen; b unseen");
  }

  @Test
  void whatEitherCouldNotTellBeforehandIsAnObjection() throws InterruptedException {
    assertThat(both.before()).isEmpty();
    other.objection = "b is away already";
    assertThat(both.before()).contains("b is away already");
    one.objection = "a is away already";
    assertThat(both.before()).contains("a is away already");
  }

  @Test
  void itLastsAndIsOverWhereTheyAgree() throws InterruptedException {
    assertThat(both.again()).isEqualTo(new Effect.Lasts(Map.of("a", "1")));
    other.look = new Effect.Lasts(Map.of("b", "1"));
    assertThat(both.again()).isEqualTo(new Effect.Lasts(Map.of("a", "1", "b", "1")));
    one.look = OVER;
    assertThat(both.again()).isInstanceOf(Effect.Untold.class);
    other.look = new Effect.Over(Map.of("b", "2"));
    assertThat(both.again()).isEqualTo(new Effect.Over(Map.of("a", "2", "b", "2")));
    one.look = new Effect.Untold("no answer");
    assertThat(both.again()).isEqualTo(new Effect.Untold("no answer; it is over, by {b=2}"));
    one.look = new Effect.Spent(Map.of());
    assertThat(both.again()).isInstanceOf(Effect.Spent.class);
  }

  @Test
  void itTakesTheLongerTimes() {
    assertThat(both.patience()).isZero();
    other.patience = Duration.ofSeconds(30);
    assertThat(both.patience()).hasSeconds(30);
    one.patience = Duration.ofSeconds(40);
    assertThat(both.patience()).hasSeconds(40);
    one.ending = Duration.ofSeconds(10);
    assertThat(both.ending()).hasSeconds(90);
    one.ending = Duration.ofMinutes(2);
    assertThat(both.ending()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void itLastsWhereBothDoAndWhatEitherHasLeftIsLeft() {
    assertThat(both.lasts()).isTrue();
    other.lasts = false;
    assertThat(both.lasts()).isFalse();
    assertThat(both.left()).isEqualTo(Map.of("a", "left", "b", "left"));
  }

  /** What somebody is made to say. */
  private static final class Told implements Effect {
    private final String name;
    private boolean there;
    private int asked;
    private String objection = "";
    private Look look = LASTS;
    private Duration patience = Duration.ZERO;
    private Duration ending = Duration.ofSeconds(90);
    private boolean lasts = true;

    Told(String name) {
      this.name = name;
    }

    @Override
    public Optional<String> before() {
      return objection.isEmpty() ? Optional.empty() : Optional.of(objection);
    }

    @Override
    public Optional<Map<String, String>> seen() {
      asked++;
      return there ? Optional.of(Map.of(name, "seen")) : Optional.empty();
    }

    @Override
    public String unseen() {
      return name + " unseen";
    }

    @Override
    public Look again() {
      return look;
    }

    @Override
    public Duration patience() {
      return patience;
    }

    @Override
    public Duration ending() {
      return ending;
    }

    @Override
    public boolean lasts() {
      return lasts;
    }

    @Override
    public Map<String, String> left() {
      return Map.of(name, "left");
    }
  }
}
