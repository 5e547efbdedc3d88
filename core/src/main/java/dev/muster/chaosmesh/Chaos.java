package dev.muster.chaosmesh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A PodChaos, NetworkChaos or StressChaos: faults of a drill that still lack their times.
 *
 * @param faults begun together
 * @param duration as it says itself
 * @param kill done in a moment, with nothing to undo
 */
record Chaos(
    List<Map<String, Object>> faults,
    List<String> notes,
    @Nullable Duration duration,
    boolean kill) {

  /** Chaos Mesh knows no ttl. */
  static final Duration TTL_BEYOND = Duration.ofSeconds(60);

  /** Stands for a time that was refused, so that the rest is read too; never printed. */
  static final Duration REFUSED = Duration.ofSeconds(1);

  static final Set<String> KINDS = Set.of("PodChaos", "NetworkChaos", "StressChaos");

  static Chaos read(Document document, String kind, Fields spec) {
    spec.refuse("remoteCluster", "Muster works in one cluster; name it with --context");
    spec.refuse(
        "scheduler",
        "Chaos Mesh took it out in 2.0; write a Schedule with \"schedule\", \"type\" and this as its"
            + " field "
            + field(kind));
    Duration duration = spec.duration("duration");
    Chaos chaos =
        switch (kind) {
          case "PodChaos" -> PodChaos.read(document, spec);
          case "NetworkChaos" -> NetworkChaos.read(document, spec);
          default -> StressChaos.read(document, spec);
        };
    spec.close();
    return new Chaos(chaos.faults, chaos.notes, duration, chaos.kill);
  }

  /** In a template or a schedule: {@code podChaos} for PodChaos. */
  static String field(String kind) {
    return kind.substring(0, 1).toLowerCase(Locale.ROOT) + kind.substring(1);
  }

  static void lacksDuration(Fields spec) {
    spec.lacks(
        "duration", "without it Chaos Mesh goes on until the object is deleted, and a drill ends");
  }

  /**
   * Once, for as long as it says itself but not beyond the whole; the next comes after the whole.
   */
  Part once(Duration whole) {
    Duration own = duration == null ? whole : duration;
    Duration active = kill ? Duration.ZERO : own.compareTo(whole) < 0 ? own : whole;
    List<Part> parts = new ArrayList<>();
    parts.add(at(Duration.ZERO, Duration.ZERO, 1, active));
    if (whole.compareTo(active) > 0) {
      parts.add(
          new Part.Hold(
              whole.minus(active),
              kill
                  ? "The kill is done in a moment; Chaos Mesh counts it as going on for this long."
                  : "The fault is over; Chaos Mesh goes on at the deadline."));
    }
    return Part.serial(parts);
  }

  /**
   * @param after start offset
   * @param every from one beginning to the next
   * @param active how long each lasts; nothing for a kill
   */
  Part at(Duration after, Duration every, int times, Duration active) {
    Duration lasting = after.plus(every.multipliedBy(times - 1L)).plus(active);
    List<Part> parts = new ArrayList<>();
    for (Map<String, Object> fault : faults) {
      Map<String, Object> timed = new LinkedHashMap<>(fault);
      if (!after.isZero()) {
        timed.put("after", GoDuration.drill(after));
      }
      if (times > 1) {
        timed.put("every", GoDuration.drill(every));
        timed.put("times", times);
      }
      if (!kill) {
        timed.put("duration", GoDuration.drill(active));
        timed.put("ttl", GoDuration.drill(active.plus(TTL_BEYOND)));
      }
      parts.add(new Part.Fault(timed, parts.isEmpty() ? notes : List.of(), lasting));
    }
    return parts.size() == 1 ? parts.getFirst() : new Part.Parallel(parts, List.of());
  }
}
