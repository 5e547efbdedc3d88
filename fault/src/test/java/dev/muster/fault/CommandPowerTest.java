package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Drill.PowerHook;
import dev.muster.drill.port.Power.PowerException;
import dev.muster.drill.port.Power.State;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CommandPowerTest {

  @Test
  void theNodeIsAnArgumentAndNeverShellText() {
    assertThat(power("echo", "power of {{node}} is on").state("n1")).isEqualTo(State.ON);
    // a shell would take the rest for a comment and leave "on" as the last word
    assertThatThrownBy(() -> power("echo", "{{node}}").state("on # x")).hasMessageContaining("'x'");
  }

  @Test
  void wordsBecomeStates() {
    assertThat(state("echo", "Running")).isEqualTo(State.ON);
    assertThat(state("echo", "power state: stopped")).isEqualTo(State.OFF);
    assertThat(state("echo", "stopping")).isEqualTo(State.UNKNOWN);
  }

  @Test
  void aWordThatIsNotKnownIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> state("echo", "a banana"))
        .isInstanceOf(PowerException.class)
        .hasMessageContaining("the state of n1 ends with the word 'banana', which is not known")
        .hasMessageContaining("off shutdown stopped")
        .hasMessageEndingWith("echo a banana");
    assertThatThrownBy(() -> state("true")).hasMessageContaining("the word ''");
  }

  @Test
  void whereNoCommandTellsTheStateItIsNotKnown() {
    CommandPower power =
        new CommandPower(new PowerHook(List.of("true"), List.of("true"), List.of()));
    assertThat(power.state("n1")).isEqualTo(State.UNKNOWN);
  }

  @Test
  void muchOutputAndWarningsDoNotConfuse() {
    assertThat(
            state("sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x; echo; echo on; echo off >&2"))
        .isEqualTo(State.ON);
  }

  @Test
  void failuresSayWhatWasRunAndWhatCameBack() {
    assertThatThrownBy(() -> state("sh", "-c", "echo no such machine >&2; exit 3"))
        .isInstanceOf(PowerException.class)
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("no such machine");
    assertThatThrownBy(() -> state("no-such-program"))
        .isInstanceOf(PowerException.class)
        .hasMessageContaining("no-such-program");
  }

  private static State state(String... command) {
    return power(command).state("n1");
  }

  private static CommandPower power(String... command) {
    return new CommandPower(new PowerHook(List.of("true"), List.of("true"), List.of(command)));
  }
}
