package dev.muster.drill.kind;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.source.MinimumAmount;
import dev.muster.source.MinimumDuration;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Packets that leave the node are late. */
public record NetworkDelay(Duration latency, Duration jitter) implements FaultKind {
  private static final Duration MOST = Duration.ofSeconds(60);

  public static final Kind KIND =
      Kind.of(
              NetworkDelay.class,
              "packets that leave the node are late",
              yaml ->
                  new NetworkDelay(
                      yaml.duration("latency", Duration.ZERO),
                      yaml.duration("jitter", Duration.ZERO)),
              _ -> MinimumDuration.LOOKS)
          .takes(
              Field.duration("latency", "added to every packet that leaves the node")
                  .required("1s")
                  .sense(NetworkDelay::latency),
              Field.duration("jitter", "more or less than the latency, at random; 0s if left out")
                  .sense(NetworkDelay::most));

  private static void latency(FaultYaml yaml, String field) {
    Duration latency = yaml.duration(field);
    if (latency != null && latency.isZero()) {
      yaml.refuse(field, "a latency of 0s is no fault");
    } else if (latency != null) {
      MinimumAmount.latency(latency.toMillis()).ifPresent(why -> yaml.refuse(field, why));
    }
    most(yaml, field);
  }

  private static void most(FaultYaml yaml, String field) {
    if (yaml.duration(field, Duration.ZERO).compareTo(MOST) > 0) {
      yaml.refuse(
          field, "more than " + MOST.toSeconds() + "s is no delay but a cut: NodeNetwork does it");
    }
  }

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.BY_AGENT, Trait.NETEM, Trait.SPARES_PODS);
  }

  @Override
  public List<String> words() {
    return List.of("latency " + DurationText.of(latency), "jitter " + DurationText.of(jitter));
  }
}
