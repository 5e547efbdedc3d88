package dev.muster.observe;

import dev.muster.drill.AgentPod;
import dev.muster.drill.Effect;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a probe reaches takes longer than before, by at least half of what was added and by more
 * than chance would; looks that failed tell nothing of that.
 */
record Slowed(Reach reach, long millis) implements Effect {
  private static final long LEAST_MILLIS = 5;

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
    long before = median(reach.beforehand().stream().filter(Reach::good).toList());
    long now = median(since);
    return now - before >= Math.max(LEAST_MILLIS, millis / 2)
        ? Optional.of(Map.of("probe", "takes " + now + " ms, before " + before + " ms"))
        : Optional.empty();
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
