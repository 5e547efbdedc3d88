package dev.muster.observe;

import dev.muster.drill.AgentPod;
import dev.muster.drill.Effect;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A probe in a pod of its own reached something once a second, and does not any more. The probe
 * lives as long as the fault, and its namespace ends it.
 */
final class Reach implements Effect {
  private static final int NEEDED = 3;
  private static final long START_MILLIS = 40_000;

  private final AgentPod pod;
  private final List<String> arguments;
  private final String what;
  private int seenBefore;

  /**
   * @param what is looked for, in words
   */
  Reach(AgentPod pod, List<String> arguments, String what) {
    this.pod = pod;
    this.arguments = List.copyOf(arguments);
    this.what = what;
  }

  @Override
  public Optional<String> before() throws InterruptedException {
    pod.start(arguments);
    long deadline = System.nanoTime() + START_MILLIS * 1_000_000;
    while (System.nanoTime() < deadline) {
      List<AgentPod.Said> looks = looks();
      if (looks.stream().filter(Reach::good).count() >= 2) {
        seenBefore = looks.size();
        return Optional.empty();
      }
      if (!pod.trouble().isEmpty()) {
        return Optional.of("the probe does not work: " + pod.trouble());
      }
      Thread.sleep(500);
    }
    List<AgentPod.Said> looks = looks();
    return Optional.of(
        looks.isEmpty()
            ? "the probe said nothing within " + START_MILLIS / 1000 + " s" + waiting()
            : what + " could not be reached before the fault either: " + looks.getLast().detail());
  }

  private String waiting() {
    String waiting = pod.waiting();
    return waiting.isEmpty() ? "" : ": its pod waits: " + waiting;
  }

  @Override
  public Optional<Map<String, String>> seen() {
    List<AgentPod.Said> since = since();
    int failed = 0;
    for (AgentPod.Said look : since) {
      failed = good(look) ? 0 : failed + 1;
    }
    return failed >= NEEDED
        ? Optional.of(
            Map.of(
                "probe",
                what + " is not reached any more: " + since.getLast().detail().get("why"),
                "looks",
                failed + " in a row, one a second"))
        : Optional.empty();
  }

  /** What was said after {@link #before}. */
  List<AgentPod.Said> since() {
    List<AgentPod.Said> looks = looks();
    return looks.subList(Math.min(seenBefore, looks.size()), looks.size());
  }

  List<AgentPod.Said> beforehand() {
    List<AgentPod.Said> looks = looks();
    return looks.subList(0, Math.min(seenBefore, looks.size()));
  }

  private List<AgentPod.Said> looks() {
    return pod.said().stream().filter(s -> s.event().equals("probe")).toList();
  }

  static boolean good(AgentPod.Said look) {
    return "true".equals(look.detail().get("ok"));
  }

  @Override
  public String unseen() {
    List<AgentPod.Said> since = since();
    return what
        + (since.isEmpty()
            ? ": the probe said nothing since the fault"
            : ": the probe's last look was " + since.getLast().detail());
  }
}
