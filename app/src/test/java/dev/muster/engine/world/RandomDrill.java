package dev.muster.engine.world;

import dev.muster.drill.AbortRule;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.Mode;
import dev.muster.drill.Step;
import dev.muster.drill.abort.Comparison;
import dev.muster.drill.abort.ErrorRatio;
import dev.muster.drill.field.Amount;
import dev.muster.drill.field.LlmFailure;
import dev.muster.drill.field.Selector;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.kind.CpuStress;
import dev.muster.drill.kind.DiskFill;
import dev.muster.drill.kind.DnsFailure;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.KubeletStop;
import dev.muster.drill.kind.LlmFault;
import dev.muster.drill.kind.MemoryStress;
import dev.muster.drill.kind.NetworkDelay;
import dev.muster.drill.kind.NetworkPolicy;
import dev.muster.drill.kind.NodeNetwork;
import dev.muster.drill.kind.NodeShutdown;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.kind.ProcessKill;
import dev.muster.drill.kind.ProcessPause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Drills of all kinds and shapes, by chance. */
record RandomDrill(Random random) {
  private static final Drill BASE =
      DrillFile.parse(
          """
          apiVersion: muster.dev/v1
          kind: Drill
          metadata: {name: random, title: {en: Random, zh: 随机}}
          target: {namespace: s, selector: {labelSelectors: {app: w}}, endpoint: ingress}
          load: {arrivals: {constant: 1/s}, stream: true, prompt: {tokens: 1}, answer: {tokens: 1}, baseline: 5s}
          faults:
            - {kind: KubeletStop, mode: one, selector: {hosting: target}, duration: 30s, ttl: 1m}
          expect: {residue: none}
          """,
          "random.yaml");

  Drill drill() {
    List<Step> steps = new ArrayList<>();
    for (int n = 0; n <= random.nextInt(3); n++) {
      steps.add(step(2));
    }
    if (steps.stream().flatMap(Step::faults).findAny().isEmpty()) {
      steps.add(fault());
    }
    return new Drill(
        BASE.metadata(),
        BASE.lab(),
        BASE.deploy(),
        BASE.monitor(),
        BASE.observe(),
        BASE.power(),
        BASE.target(),
        random.nextInt(5) == 0 ? null : BASE.load(),
        List.copyOf(steps),
        random.nextInt(5) == 0 ? List.of(rule()) : List.of(),
        BASE.protect(),
        BASE.agentImage(),
        BASE.expect(),
        BASE.report());
  }

  private AbortRule rule() {
    AbortRule.When[] modes = AbortRule.When.values();
    return new AbortRule(
        new ErrorRatio(new Comparison(">=", random.nextInt(4) == 0 ? 0 : 0.9)),
        modes[random.nextInt(modes.length)],
        Duration.ofSeconds(random.nextInt(30)));
  }

  private Step step(int depth) {
    int form = random.nextInt(10);
    if (form == 0) {
      return new Step.Hold(seconds(1, 60));
    }
    if (form < 4 && depth > 0) {
      List<Step> parts = new ArrayList<>();
      for (int n = 0; n < 2 + random.nextInt(2); n++) {
        parts.add(step(depth - 1));
      }
      return form == 1 ? new Step.Serial(parts) : new Step.Parallel(parts);
    }
    return fault();
  }

  private Fault fault() {
    FaultKind kind = kind();
    boolean kill = kind instanceof ProcessKill || kind instanceof PodKill;
    @Nullable Duration lasting = kill && random.nextBoolean() ? null : seconds(5, 120);
    int times = random.nextInt(4) == 0 ? 2 + random.nextInt(2) : 1;
    return new Fault(
        kind,
        Mode.ONE,
        Selector.EMPTY,
        lasting,
        kind instanceof PodKill || lasting == null ? null : lasting.plus(seconds(30, 300)),
        random.nextInt(3) == 0 ? seconds(0, 20) : Duration.ZERO,
        times,
        times == 1 ? Duration.ZERO : seconds(1, 200),
        kind.ofPods() && lasting != null && random.nextInt(4) == 0,
        "/faults/0");
  }

  private FaultKind kind() {
    return switch (random.nextInt(17)) {
      case 0, 1, 2 -> new NodeShutdown(false);
      case 3 -> new NodeShutdown(true);
      case 4, 5 -> new NodeNetwork(NodeNetwork.Peers.ALL, List.of(), FaultKind.Direction.BOTH);
      case 6 -> new NetworkPolicy(FaultKind.Direction.BOTH, null, List.of());
      case 7 -> new CpuStress(100, 0, FaultKind.Place.NODE, List.of());
      case 8 -> new MemoryStress(new Amount(null, 50), FaultKind.Place.POD, List.of());
      case 9 -> new DiskFill(new Amount(null, 90));
      case 10 -> new ProcessKill(List.of(), random.nextBoolean() ? null : seconds(2, 20));
      case 11 -> new ProcessPause(List.of());
      case 12 -> new KubeletStop();
      case 13 -> new PodKill(Duration.ZERO, random.nextBoolean() ? null : seconds(2, 20));
      case 14 -> new DnsFailure();
      case 15 -> new LlmFault(LlmFailure.STUCK_DECODE, 0, 5, "s", null);
      default -> new NetworkDelay(Duration.ofMillis(100), Duration.ZERO);
    };
  }

  private Duration seconds(int from, int to) {
    return Duration.ofMillis(1000L * from + random.nextInt(1000 * (to - from)));
  }
}
