package dev.muster.observe.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.port.AgentPod;
import dev.muster.drill.port.Effect;
import dev.muster.drill.time.RealTime;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a probe's looks, one a second, prove and what not. */
@Timeout(20)
class ConnectivityLostTest {
  private final Probe probe = new Probe();
  private final ConnectivityLost connectivity =
      new ConnectivityLost(
          probe, List.of("probe", "what=tcp"), "tcp 10.0.0.1:10250", RealTime.TIME);

  @Test
  void whatWasReachedAndIsNotThreeTimesInARowIsCut() throws InterruptedException {
    probe.looks("armed", "+", "+");
    assertThat(connectivity.before()).isEmpty();
    assertThat(probe.arguments).containsExactly("probe", "what=tcp");
    probe.looks("-", "-");
    assertThat(connectivity.seen()).isEmpty();
    probe.looks("-");
    assertThat(connectivity.seen().orElseThrow())
        .containsEntry("probe", "tcp 10.0.0.1:10250 is not reached any more: timed out")
        .containsEntry("looks", "3 of the last 3 failed, one a second");
  }

  @Test
  void aLookThatSucceedsInBetweenBeginsTheCountAnew() throws InterruptedException {
    probe.looks("+", "+");
    connectivity.before();
    probe.looks("-", "-", "+", "-", "-");
    assertThat(connectivity.seen()).isEmpty();
    assertThat(connectivity.unseen()).contains("the probe's last look was");
  }

  @Test
  void failuresBeforeTheFaultProveNothingOfIt() throws InterruptedException {
    probe.looks("-", "-", "-", "+", "+");
    assertThat(connectivity.before()).isEmpty();
    assertThat(connectivity.seen()).isEmpty();
    probe.looks("-", "-");
    assertThat(connectivity.seen()).isEmpty();
  }

  @Test
  void aProbeThatFellSilentSawNothing() throws InterruptedException {
    probe.looks("+", "+");
    connectivity.before();
    assertThat(connectivity.seen()).isEmpty();
    assertThat(connectivity.unseen()).endsWith("the probe said nothing since the fault");
  }

  @Test
  void aProbeThatDoesNotWorkIsAnObjection() throws InterruptedException {
    probe.trouble = "the agent's image a:1: ErrImagePull";
    assertThat(connectivity.before())
        .contains("the probe does not work: the agent's image a:1: ErrImagePull");
  }

  @Test
  void whatWasNeverReachedIsAnObjection() throws InterruptedException {
    for (int i = 0; i < 40; i++) {
      probe.looks("-");
    }
    assertThat(connectivity.before().orElseThrow())
        .startsWith("tcp 10.0.0.1:10250 could not be reached before the fault either: ");
  }

  @Test
  void slowerByHalfOfWhatWasAddedIsSlowed() throws InterruptedException {
    probe.looks("+", "+", "+", "+", "+");
    Slowed slowed = new Slowed(connectivity, 200);
    assertThat(slowed.before()).isEmpty();
    probe.looks("+103", "+120");
    assertThat(slowed.seen()).as("too few looks").isEmpty();
    probe.looks("+110");
    assertThat(slowed.seen().orElseThrow()).containsEntry("probe", "takes 110 ms, before 2 ms");
  }

  /**
   * A program that has just begun connects slowly, on a slow machine as slowly as what is added.
   */
  @Test
  void whatTheFirstLooksOfAProbeTakeIsNotWhatItTakesBefore() throws InterruptedException {
    probe.looks("+240", "+180", "+9", "+8", "+7");
    Slowed slowed = new Slowed(connectivity, 200);
    slowed.before();
    probe.looks("+205", "+209", "+215");
    assertThat(slowed.seen().orElseThrow()).containsEntry("probe", "takes 209 ms, before 9 ms");
  }

  /** An agent that takes its time to begin leaves many looks from before. */
  @Test
  void aDelayThatComesLateIsSeenByTheLastLooks() throws InterruptedException {
    probe.looks("+", "+", "+", "+", "+");
    Slowed slowed = new Slowed(connectivity, 200);
    slowed.before();
    for (int i = 0; i < 40; i++) {
      probe.looks("+3");
    }
    probe.looks("+203", "+215");
    assertThat(slowed.seen()).as("two of five").isEmpty();
    probe.looks("+208");
    assertThat(slowed.seen().orElseThrow()).containsEntry("probe", "takes 203 ms, before 2 ms");
  }

  @Test
  void aDelayThatIsNotFeltIsNotSlowed() throws InterruptedException {
    probe.looks("+", "+", "+", "+", "+");
    Slowed slowed = new Slowed(connectivity, 200);
    slowed.before();
    probe.looks("+3", "+250", "+4", "+3");
    assertThat(slowed.seen()).as("one that was slow by chance").isEmpty();
    assertThat(slowed.unseen()).isEqualTo("takes 4 ms, before 2 ms, and 200 ms were to be added");
    probe.looks("-", "-", "-", "-", "-");
    assertThat(slowed.seen()).as("a look that failed took no time to its end").isEmpty();
  }

  @Test
  void aDelayTooSmallToTellFromChanceIsNotSlowed() throws InterruptedException {
    probe.looks("+", "+", "+", "+", "+");
    Slowed slowed = new Slowed(connectivity, 1);
    slowed.before();
    probe.looks("+3", "+3", "+3");
    assertThat(slowed.seen()).isEmpty();
  }

  /** History 2: the chain is taken away while the fault is held. */
  @Test
  void whatIsReachedThreeTimesInARowAgainIsOver() throws InterruptedException {
    probe.looks("+", "+");
    connectivity.before();
    probe.looks("-", "-", "-");
    assertThat(connectivity.again()).isInstanceOf(Effect.Lasts.class);
    assertThat(connectivity.again()).as("nothing new was said").isInstanceOf(Effect.Untold.class);
    probe.looks("+");
    assertThat(connectivity.again()).as("by chance").isInstanceOf(Effect.Untold.class);
    probe.looks("-");
    assertThat(connectivity.again()).isInstanceOf(Effect.Lasts.class);
    probe.looks("+", "+", "+");
    assertThat(connectivity.again()).isInstanceOf(Effect.Over.class);
  }

  /** Else the loss that was there already would pass for that of the fault. */
  @Test
  void aWayThatLosesPacketsAlreadyIsAnObjection() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      probe.looks("+", "-", "+", "+");
    }
    assertThat(connectivity.lossy(30).before())
        .contains("tcp 10.0.0.1:10250 lost packets before the fault too: 10 of 40 looks failed");
  }

  private void well(int count) {
    for (int i = 0; i < count; i++) {
      probe.looks("+");
    }
  }

  /** At 30 % three in a row are seldom; an agent that begins late leaves many good looks. */
  @Test
  void packetsThatAreLostNowAndThenAreSeen() throws InterruptedException {
    ConnectivityLost lossy = connectivity.lossy(30);
    well(26);
    assertThat(lossy.before()).isEmpty();
    for (int i = 0; i < 60; i++) {
      probe.looks("+");
    }
    probe.looks("-", "+", "+", "-", "+");
    assertThat(lossy.seen()).as("two by chance").isEmpty();
    assertThat(lossy.unseen())
        .isEqualTo("tcp 10.0.0.1:10250: 2 of the last 26 looks of the probe failed");
    probe.looks("-", "+");
    assertThat(lossy.seen().orElseThrow())
        .containsEntry("looks", "3 of the last 26 failed, one a second")
        .containsEntry("probe", "tcp 10.0.0.1:10250 is not always reached any more: timed out");
  }

  @Test
  void ofPacketsThatAreLostByChanceOneInManyShowsThatItGoesOn() throws InterruptedException {
    ConnectivityLost lossy = connectivity.lossy(50);
    well(14);
    assertThat(lossy.before()).isEmpty();
    probe.looks("-");
    for (int i = 1; i < 14; i++) {
      assertThat(lossy.again()).as(i + " looks").isInstanceOf(Effect.Lasts.class);
      probe.looks("+");
    }
    probe.looks("+");
    assertThat(lossy.again()).isInstanceOf(Effect.Over.class);

    ConnectivityLost all = connectivity.lossy(100);
    probe.looks("-", "+", "+", "+");
    assertThat(all.again()).isInstanceOf(Effect.Over.class);
  }

  /** A pod that somebody deleted is not reached either, and nobody has to give it back. */
  @Test
  void whatIsNoMoreNeitherLastsNorIsItToBeUndone() throws InterruptedException {
    boolean[] gone = new boolean[1];
    ConnectivityLost until = connectivity.until(() -> gone[0]);
    probe.looks("+", "+");
    until.before();
    probe.looks("-", "-", "-");
    assertThat(until.again()).isInstanceOf(Effect.Lasts.class);
    gone[0] = true;
    probe.looks("-");
    assertThat(until.again()).isInstanceOf(Effect.Spent.class);
  }

  @Test
  void aDelayThatIsTakenAwayIsOver() throws InterruptedException {
    probe.looks("+", "+", "+", "+", "+");
    Slowed slowed = new Slowed(connectivity, 200);
    slowed.before();
    probe.looks("+203", "+220", "+210", "+205", "+199");
    assertThat(slowed.again()).isInstanceOf(Effect.Lasts.class);
    probe.looks("+2", "+3", "+2");
    assertThat(slowed.again()).isInstanceOf(Effect.Over.class);
    assertThat(slowed.patience()).isPositive();
    probe.looks("-", "-", "-");
    assertThat(slowed.again()).isInstanceOf(Effect.Untold.class);
  }

  private static final class Probe implements AgentPod {
    private final List<AgentLine> said = new ArrayList<>();
    List<String> arguments = List.of();
    String trouble = "";

    /** + after 2 ms or so many, - for a failure, anything else for another event. */
    void looks(String... looks) {
      for (String look : looks) {
        said.add(
            new AgentLine(
                null,
                switch (look.charAt(0)) {
                  case '+' ->
                      new AgentEvent.Probe(
                          true, look.length() == 1 ? 2 : Long.parseLong(look.substring(1)), "");
                  case '-' -> new AgentEvent.Probe(false, 900, "timed out");
                  default -> new AgentEvent.Unknown(look, Map.of());
                }));
      }
    }

    @Override
    public Map<String, String> identity() {
      return Map.of();
    }

    @Override
    public void start(List<String> given) {
      arguments = given;
    }

    @Override
    public List<AgentLine> said() {
      return List.copyOf(said);
    }

    @Override
    public Look look() {
      return new Look(trouble, "", true);
    }

    @Override
    public void delete() {
      // lives as long as the test
    }

    @Override
    public boolean gone() {
      return false;
    }
  }
}
