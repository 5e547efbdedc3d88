package dev.muster.observe;

import dev.muster.drill.AgentPod;
import dev.muster.drill.Effect;
import dev.muster.source.Smallest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a probe reaches takes longer than before, by at least half of what was added and by more
 * than chance would; looks that failed tell nothing of that.
 */
record Slowed(Reach reach, long millis) implements Effect {
  /** Of these looks the median is taken while it lasts. */
  private static final int RECENT = 5;

  @Override
  public Optional<String> before() throws InterruptedException {
    return reach.before();
  }

  @Override
  public Optional<Map<String, String>> seen() {
    List<AgentPod.Said> since = reach.since().stream().filter(Reach::good).toList();
    if (since.size() < 3) {
      return Optional.empty();
    }
    return slow(since) ? Optional.of(Map.of("probe", text(since))) : Optional.empty();
  }

  @Override
  public Look again() {
    List<AgentPod.Said> recent =
        Reach.last(reach.since(), RECENT).stream().filter(Reach::good).toList();
    if (recent.size() < 3) {
      return new Untold("too few looks of the probe succeeded");
    }
    return slow(recent)
        ? new Lasts(Map.of("probe", text(recent)))
        : new Over(Map.of("probe", text(recent)));
  }

  /** Its looks change one by one. */
  @Override
  public Duration patience() {
    return Duration.ofSeconds(RECENT);
  }

  private boolean slow(List<AgentPod.Said> looks) {
    return median(looks) - before(reach) >= Math.max(Smallest.LATENCY_MILLIS, millis / 2);
  }

  private String text(List<AgentPod.Said> looks) {
    return "takes " + median(looks) + " ms, before " + before(reach) + " ms";
  }

  private static long before(Reach reach) {
    return median(reach.beforehand().stream().filter(Reach::good).toList());
  }

  private static long median(List<AgentPod.Said> looks) {
    long[] times =
        looks.stream()
            .mapToLong(l -> Long.parseLong(l.detail().getOrDefault("millis", "0")))
            .sorted()
            .toArray();
    return times.length == 0 ? 0 : times[times.length / 2];
  }

  @Override
  public String unseen() {
    return reach.unseen();
  }
}
