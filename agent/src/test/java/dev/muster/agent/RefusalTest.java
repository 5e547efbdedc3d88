package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import dev.muster.wire.DeedSpec;
import dev.muster.wire.InjectionSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program as a Muster of another version starts it: it says why it does nothing. */
@Timeout(60)
class RefusalTest {
  @Test
  void aDeedThatItDoesNotKnowIsRefusedInWords() throws Exception {
    List<String> known =
        new InjectionSpec(
                "r",
                "f",
                "0a",
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                new DeedSpec.KubeletStop())
            .arguments();
    assertThat(refusal("inject", known.getLast().replace("KubeletStop", "KubeletThaw")))
        .startsWith("unknown kind KubeletThaw, known are " + deeds())
        .endsWith("Muster and the agent's image are of different versions");
  }

  /** As before faults travelled as one argument. */
  @Test
  void theWordsOfAnOlderMusterAreRefused() throws Exception {
    assertThat(refusal("inject", "run=r", "fault=f", "id=0a", "kind=KubeletStop", "ttl=1.0"))
        .isEqualTo("'' is no JSON object: Muster and the agent's image are of different versions");
  }

  @Test
  void aCommandThatItDoesNotKnowIsRefused() throws Exception {
    assertThat(refusal("thaw")).isEqualTo("unknown command thaw");
    assertThat(refusal()).startsWith("no command: inject,");
  }

  @Test
  void itsModuleGivesItNothingOfCore() {
    for (String name : List.of("dev.muster.drill.Drill", "dev.muster.fault.Course")) {
      assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
    }
  }

  private static String deeds() {
    return Arrays.stream(DeedSpec.class.getPermittedSubclasses())
        .map(Class::getSimpleName)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String refusal(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.muster.agent.Agent"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(told).isEqualTo(64);
    AgentEvent event = AgentLine.of(told.strip()).orElseThrow().event();
    assertThat(event).isInstanceOf(AgentEvent.Refused.class);
    return ((AgentEvent.Refused) event).why();
  }
}
