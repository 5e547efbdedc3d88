package dev.muster.engine;

import dev.muster.drill.DurationText;
import dev.muster.drill.FaultKind;
import dev.muster.drill.FaultKind.Amount;
import dev.muster.drill.FaultKind.Direction;
import dev.muster.drill.FaultKind.Place;
import dev.muster.drill.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a plan says of a kind's own fields, defaults too. */
final class KindWords {
  private static final String UNITS = "KMG";

  private KindWords() {}

  static List<String> of(FaultKind kind) {
    return switch (kind) {
      case FaultKind.NodeShutdown shutdown ->
          List.of(shutdown.reboot() ? "reboot: power comes back at once" : "power off");
      case FaultKind.NodeNetwork network ->
          List.of("from " + peers(network), direction(network.direction()));
      case FaultKind.NetworkPolicy policy ->
          List.of("from " + peers(policy), direction(policy.direction()));
      case FaultKind.CpuStress cpu ->
          stress(
              (cpu.workers() == 0 ? "a worker for each CPU" : cpu.workers() + " workers")
                  + " at "
                  + cpu.load()
                  + " %",
              cpu.in(),
              cpu.containers());
      case FaultKind.MemoryStress memory ->
          stress(amount(memory.amount(), "MemoryPressure"), memory.in(), memory.containers());
      case FaultKind.DiskFill disk -> List.of(amount(disk.amount(), "DiskPressure"));
      case FaultKind.ProcessKill kill ->
          repeated(containers("SIGKILL to", kill.containers()), kill.every());
      case FaultKind.ProcessPause pause -> List.of(containers("SIGSTOP to", pause.containers()));
      case FaultKind.PodKill kill ->
          repeated(
              kill.gracePeriod().isZero()
                  ? "deleted at once"
                  : "deleted with a grace period of " + DurationText.of(kill.gracePeriod()),
              kill.every());
      case FaultKind.NetworkDelay delay ->
          List.of(
              "latency " + DurationText.of(delay.latency()),
              "jitter " + DurationText.of(delay.jitter()));
      case FaultKind.NetworkLoss loss -> List.of("loss " + Plan.number(loss.percent()) + " %");
      case FaultKind.LlmFault llm -> failure(llm);
      case FaultKind.KubeletStop _, FaultKind.DnsFailure _ -> List.of();
    };
  }

  private static List<String> failure(FaultKind.LlmFault llm) {
    List<String> words = new ArrayList<>();
    words.add(llm.failure().word());
    if (llm.failure().takesFactor()) {
      words.add(llm.factor() + " times as long");
    }
    if (llm.failure().takesAfterTokens()) {
      words.add("after " + llm.afterTokens() + " tokens");
    }
    words.add(
        "token of Secret "
            + llm.tokenSecret()
            + (llm.port() == null ? "" : ", port " + llm.port()));
    return List.copyOf(words);
  }

  private static String peers(FaultKind.NodeNetwork network) {
    return switch (network.peers()) {
      case ALL -> "all";
      case CONTROL_PLANE -> "the control plane";
      case NODES -> "the other nodes";
      case CIDRS -> String.join(", ", network.cidrs());
    };
  }

  private static String peers(FaultKind.NetworkPolicy policy) {
    Selector peers = policy.peers();
    if (peers != null) {
      return FaultWords.pods(peers);
    }
    return policy.cidrs().isEmpty() ? "everybody" : String.join(", ", policy.cidrs());
  }

  private static String direction(Direction direction) {
    return switch (direction) {
      case TO -> "what it sends";
      case FROM -> "what it receives";
      case BOTH -> "both directions";
    };
  }

  private static List<String> stress(String what, Place in, List<String> containers) {
    return in == Place.NODE ? List.of(what) : List.of(what, containers("in", containers));
  }

  private static String containers(String how, List<String> containers) {
    return how
        + (containers.isEmpty()
            ? " the first container"
            : " container " + String.join(", ", containers));
  }

  private static List<String> repeated(String what, @Nullable Duration every) {
    return every == null ? List.of(what) : List.of(what, "again every " + DurationText.of(every));
  }

  private static String amount(Amount amount, String pressure) {
    Long bytes = amount.bytes();
    if (bytes != null) {
      return size(bytes);
    }
    return amount.untilPressure()
        ? "until " + pressure
        : "until " + amount.percent() + " % is in use";
  }

  /** As the file says it: 512Mi, or 2GB where that is the rounder one. */
  private static String size(long bytes) {
    String binary = size(bytes, 1024, "i");
    String decimal = size(bytes, 1000, "B");
    return binary.length() <= decimal.length() ? binary : decimal;
  }

  private static String size(long bytes, int base, String suffix) {
    long number = bytes;
    int power = 0;
    while (power < UNITS.length() && number % base == 0 && number > 0) {
      number /= base;
      power++;
    }
    return power == 0 ? number + " bytes" : number + UNITS.substring(power - 1, power) + suffix;
  }
}
