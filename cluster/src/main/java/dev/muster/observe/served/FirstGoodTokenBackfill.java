package dev.muster.observe.served;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The first good token of each replacement, where it is known only afterwards who served. */
final class FirstGoodTokenBackfill {
  private FirstGoodTokenBackfill() {}

  /**
   * @param served by request: the pods that served it
   * @return of those replacements that nobody told of before
   */
  static List<MilestoneReached> of(
      List<Event> timeline, List<Request> ledger, Map<String, List<ObjectRef.Pod>> served) {
    var told =
        reached(timeline, Milestone.FIRST_GOOD_TOKEN)
            .flatMap(m -> Stream.ofNullable(m.detail().get("pod")))
            .map(ObjectRef.Pod::parse)
            .toList();
    return reached(timeline, Milestone.REPLACEMENT_CREATED)
        .map(MilestoneReached::object)
        .filter(o -> told.stream().noneMatch(t -> t != null && t.is(o)))
        .flatMap(replacement ->
            ledger.stream()
                .filter(Request::answered)
                .filter(
                    r -> served.getOrDefault(r.id(), List.of()).stream().anyMatch(replacement::is))
                .min(Comparator.comparing(FirstGoodTokenBackfill::sign))
                .stream()
                .map(r ->
                    new MilestoneReached(
                        new Stamp(sign(r), "client", null, Duration.ZERO),
                        Milestone.FIRST_GOOD_TOKEN,
                        new ObjectRef.Request(r.id()),
                        Map.of("pod", replacement.text()))))
        .toList();
  }

  private static Instant sign(Request answered) {
    return Objects.requireNonNull(answered.firstSign());
  }

  private static Stream<MilestoneReached> reached(List<Event> timeline, Milestone milestone) {
    return timeline.stream()
        .filter(MilestoneReached.class::isInstance)
        .map(MilestoneReached.class::cast)
        .filter(m -> m.milestone() == milestone);
  }
}
