package dev.muster.observe.served;

import dev.muster.timeline.ObjectRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who served where only one pod could: the ready endpoints of all Services of a namespace, as they
 * were looked at.
 */
final class SoleEndpoint {
  private final List<Span> spans = new ArrayList<>();

  /** From the first to the last of looks one after another that saw the same. */
  private record Span(Instant from, Instant to, Set<ObjectRef.Pod> ready) {}

  void saw(Instant at, Set<ObjectRef.Pod> ready) {
    var last = spans.isEmpty() ? null : spans.getLast();
    if (last != null && last.ready().equals(ready)) {
      spans.set(spans.size() - 1, new Span(last.from(), at, last.ready()));
    } else {
      spans.add(new Span(at, at, Set.copyOf(ready)));
    }
  }

  /** Nobody could look: what was seen before and what is seen next are two things. */
  void missed() {
    if (!spans.isEmpty() && !spans.getLast().ready().isEmpty()) {
      spans.add(new Span(spans.getLast().to(), spans.getLast().to(), Set.of()));
    }
  }

  /** The only one that was ready at every look from before the first moment to after the last. */
  Optional<ObjectRef.Pod> during(Instant from, Instant to) {
    return spans.stream()
        .filter(s -> s.ready().size() == 1)
        .filter(s -> !s.from().isAfter(from) && !s.to().isBefore(to))
        .map(s -> s.ready().iterator().next())
        .findFirst();
  }
}
