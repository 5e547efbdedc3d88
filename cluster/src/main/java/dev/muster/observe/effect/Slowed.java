package dev.muster.observe.effect;

import dev.muster.drill.port.Effect;
import dev.muster.source.MinimumAmount;
import dev.muster.wire.AgentEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a probe reaches takes longer than before, by at least half of what was added and by more
 * than chance would; looks that failed tell nothing of that.
 */
public record Slowed(ConnectivityLost connectivity, long millis) implements Effect {
  /** Of these looks the median is taken. */
  private static final int RECENT = 5;

  /** As many beforehand, for the first ones of a probe take longest. */
  @Override
  public Optional<String> before() throws InterruptedException {
    return connectivity.before(RECENT);
  }

  @Override
  public Optional<Map<String, String>> seen() {
    // not all since it was asked: half a minute may go by until the fault is there
    List<AgentEvent.Probe> recent = recent();
    return recent.size() >= 3 && slow(recent)
        ? Optional.of(Map.of("probe", text(recent)))
        : Optional.empty();
  }

  @Override
  public Look again() {
    List<AgentEvent.Probe> recent = recent();
    if (recent.size() < 3) {
      return new Untold("too few looks of the probe succeeded");
    }
    return slow(recent)
        ? new Lasts(Map.of("probe", text(recent)))
        : new Over(Map.of("probe", text(recent)));
  }

  private List<AgentEvent.Probe> recent() {
    return ConnectivityLost.last(connectivity.since(), RECENT).stream()
        .filter(AgentEvent.Probe::ok)
        .toList();
  }

  /** Its looks change one by one. */
  @Override
  public Duration patience() {
    return Duration.ofSeconds(RECENT);
  }

  private boolean slow(List<AgentEvent.Probe> looks) {
    return median(looks) - before(connectivity)
        >= Math.max(MinimumAmount.LATENCY_MILLIS, millis / 2);
  }

  private String text(List<AgentEvent.Probe> looks) {
    return "takes " + median(looks) + " ms, before " + before(connectivity) + " ms";
  }

  private static long before(ConnectivityLost connectivity) {
    return median(connectivity.beforehand().stream().filter(AgentEvent.Probe::ok).toList());
  }

  private static long median(List<AgentEvent.Probe> looks) {
    long[] times = looks.stream().mapToLong(AgentEvent.Probe::millis).sorted().toArray();
    return times.length == 0 ? 0 : times[times.length / 2];
  }

  @Override
  public String unseen() {
    List<AgentEvent.Probe> recent = recent();
    return recent.size() < 3
        ? connectivity.unseen()
        : text(recent) + ", and " + millis + " ms were to be added";
  }
}
