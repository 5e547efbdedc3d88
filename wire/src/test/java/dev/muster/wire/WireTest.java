package dev.muster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What one side writes the other reads as the same. */
class WireTest {
  private static final String WORDS = "a \"quote\", a\nline, = and 节点";
  private static final Map<String, String> SEEN = Map.of("back end", "nft", "chain", WORDS);
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

  private static final List<DeedSpec> DEEDS =
      List.of(
          new DeedSpec.NodeNetwork("10.0.0.1", DeedSpec.Direction.FROM, List.of("10.0.0.0/8", "x")),
          new DeedSpec.NodeNetwork("10.0.0.1", DeedSpec.Direction.BOTH, List.of()),
          new DeedSpec.DnsFailure("10.0.0.1"),
          new DeedSpec.CpuStress(4, 80, ""),
          new DeedSpec.MemoryStress(Long.MAX_VALUE, "abc123"),
          new DeedSpec.DiskFill(0, 90, 0),
          new DeedSpec.ProcessKill(List.of("abc", "def")),
          new DeedSpec.ProcessPause(List.of("abc")),
          new DeedSpec.KubeletStop(),
          new DeedSpec.NetworkDelay("10.0.0.1", Duration.ofMillis(200), Duration.ZERO),
          new DeedSpec.NetworkLoss("10.0.0.1", 12.5));

  private static final List<AgentEvent> EVENTS =
      List.of(
          new AgentEvent.Armed("chain x; file y", Map.of("undo", "42 since tick 7")),
          new AgentEvent.Injecting(1000),
          new AgentEvent.Injected(),
          new AgentEvent.Verified(SEEN),
          new AgentEvent.NotVerified(WORDS),
          new AgentEvent.Held(SEEN),
          new AgentEvent.Lost(WORDS, 4000),
          new AgentEvent.Reverting(AgentEvent.Reverting.TOLD, 5000),
          new AgentEvent.Reverted(),
          new AgentEvent.NotReverted(WORDS),
          new AgentEvent.Refused(WORDS),
          new AgentEvent.Node(SEEN),
          new AgentEvent.Residue("chain", "iptables-nft MUSTER-F-0a"),
          new AgentEvent.NotCleaned(WORDS),
          new AgentEvent.Audited(),
          new AgentEvent.Probe(true, 3, ""),
          new AgentEvent.Listening(8080),
          new AgentEvent.Notified("muster", "firing", List.of()),
          new AgentEvent.Notified(
              "muster",
              "firing",
              List.of(
                  new AgentEvent.Alert("firing", "A", Map.of("alertname", "A"), "x", "y", "0f"),
                  new AgentEvent.Alert("resolved", "B", Map.of(), "", "", ""))),
          new AgentEvent.Reaping(45),
          new AgentEvent.NotReached(WORDS));

  @Test
  void everyDeedIsReadAsItWasWritten() {
    assertThat(DEEDS)
        .extracting(Object::getClass)
        .hasSameElementsAs(Arrays.asList(classes(DeedSpec.class)));
    for (DeedSpec deed : DEEDS) {
      InjectionSpec spec = spec(deed);
      assertThat(spec.arguments()).hasSize(2).first().isEqualTo("inject");
      assertThat(InjectionSpec.of(json(spec))).isEqualTo(spec);
    }
  }

  @Test
  void everyEventIsReadAsItWasToldOnOneLine() {
    assertThat(EVENTS)
        .extracting(Object::getClass)
        .hasSameElementsAs(
            Arrays.stream(classes(AgentEvent.class))
                .filter(c -> c != AgentEvent.Unknown.class)
                .toList());
    for (AgentEvent event : EVENTS) {
      for (AgentLine line : List.of(new AgentLine(AT, event), new AgentLine(null, event))) {
        assertThat(line.json()).doesNotContain("\n");
        assertThat(AgentLine.of(line.json())).contains(line);
      }
    }
  }

  @Test
  void anEventHasItsNameAndItsDetailsAsTexts() {
    assertThat(new AgentLine(AT, new AgentEvent.NotVerified("gone")).json())
        .isEqualTo(
            "{\"event\":\"not-verified\",\"at\":\"2026-01-02T03:04:05.678Z\",\"why\":\"gone\"}");
    assertThat(new AgentEvent.Lost("gone", 4000).detail())
        .isEqualTo(Map.of("why", "gone", "seenMillis", "4000"));
    assertThat(new AgentEvent.Verified(SEEN).detail()).isEqualTo(SEEN);
    assertThat(new AgentEvent.Reverted().detail()).isEmpty();
  }

  /** An agent that did the half of what it is asked to would do something else. */
  @Test
  void whatAnotherVersionAsksForIsRefusedInWords() {
    String known = json(spec(new DeedSpec.CpuStress(4, 80, "")));
    refused(
        known.replace("CpuStress", "GpuStress"), "unknown kind GpuStress, known are CpuStress,");
    refused(known.replace("\"load\":80,", ""), "CpuStress lacks load");
    refused(known.replace("\"load\":80", "\"load\":80,\"cores\":[1]"), "CpuStress has no cores");
    refused(known.replace("\"load\":80", "\"load\":\"much\""), "load can not be 'much'");
    refused(known.replace("\"load\":80", "\"load\":null"), "CpuStress lacks load");
    refused(known.replace("\"load\":80", "\"load\":[80]"), "load has parts");
    refused(known.replace("\"run\":\"r\",", ""), "InjectionSpec lacks run");
    refused(known.replace("PT1M", "60"), "duration can not be '60'");
    String kill = json(spec(new DeedSpec.ProcessKill(List.of("abc"))));
    refused(kill.replace("\"abc\"", "\"\""), "containers need an id each, not []");
    refused(kill.replace("\"abc\"", ""), "containers need an id each, not []");
    refused("{\"run\":", "no JSON object");
    refused(known + "}", "JSON object");
    refused("[]", "no JSON object");
    refused("", "no JSON object");
  }

  private static void refused(String json, String why) {
    assertThatThrownBy(() -> InjectionSpec.of(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageEndingWith("Muster and the agent's image are of different versions");
  }

  @Test
  void anAgentOfAnotherVersionIsHeardAsFarAsItCanBe() {
    assertThat(event("{\"event\":\"lost\"}")).isEqualTo(new AgentEvent.Lost("", 0));
    assertThat(event("{\"event\":\"residue\",\"what\":\"chain\",\"name\":\"x\",\"since\":7}"))
        .isEqualTo(new AgentEvent.Residue("chain", "x"));
    assertThat(event("{\"event\":\"probe\",\"ok\":\"true\",\"millis\":\"3\",\"why\":\"\"}"))
        .isEqualTo(new AgentEvent.Probe(true, 3, ""));
    assertThat(event("{\"event\":\"thawed\",\"at\":\"2026-01-02T03:04:05Z\",\"why\":\"x\"}"))
        .isEqualTo(new AgentEvent.Unknown("thawed", Map.of("why", "x")));
    assertThat(event("{\"event\":\"injecting\",\"inMillis\":\"soon\"}"))
        .isEqualTo(new AgentEvent.Unknown("injecting", Map.of("inMillis", "soon")));
  }

  @Test
  void whatIsNoLineOfAnAgentIsNone() {
    for (String line :
        List.of(
            "",
            "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory failed",
            "{\"level\":\"info\"}",
            "{\"event\":7,\"x\":",
            "[1, 2]",
            "{\"event\":{}}",
            "{\"event\":\"inje",
            "{\"event\":\"injected\",\"at\":\"yesterday\"}")) {
      assertThat(AgentLine.of(line)).as(line).isEmpty();
    }
  }

  private static AgentEvent event(String line) {
    return AgentLine.of(line).orElseThrow().event();
  }

  private static InjectionSpec spec(DeedSpec deed) {
    return new InjectionSpec(
        "r", "f", "0a", Duration.ofMinutes(1), Duration.ofMillis(180500), deed);
  }

  private static String json(InjectionSpec spec) {
    return spec.arguments().getLast().substring("spec=".length());
  }

  private static Class<?>[] classes(Class<?> sealed) {
    return sealed.getPermittedSubclasses();
  }
}
