package dev.muster.drill.kind;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.Field;
import dev.muster.drill.field.Given;
import dev.muster.source.Shortest;
import dev.muster.source.Smallest;
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
              given ->
                  new NetworkDelay(
                      given.duration("latency", Duration.ZERO),
                      given.duration("jitter", Duration.ZERO)),
              _ -> Shortest.LOOKS)
          .takes(
              Field.duration("latency", "added to every packet that leaves the node")
                  .required("1s")
                  .sense(NetworkDelay::latency),
              Field.duration("jitter", "more or less than the latency, at random; 0s if left out")
                  .sense(NetworkDelay::most));

  private static void latency(Given given, String field) {
    Duration latency = given.duration(field);
    if (latency != null && latency.isZero()) {
      given.refuse(field, "a latency of 0s is no fault");
    } else if (latency != null) {
      Smallest.latency(latency.toMillis()).ifPresent(why -> given.refuse(field, why));
    }
    most(given, field);
  }

  private static void most(Given given, String field) {
    if (given.duration(field, Duration.ZERO).compareTo(MOST) > 0) {
      given.refuse(
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
