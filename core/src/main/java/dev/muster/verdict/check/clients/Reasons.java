package dev.muster.verdict.check.clients;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Evidence;
import dev.muster.verdict.finding.Sentence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why requests failed, the commonest reason first. Reasons that differ in numbers alone, as in an
 * id, a port or a time, are one.
 */
final class Reasons {
  private static final int MOST = 3;

  private record Alike(Outcome outcome, String words) {}

  private Reasons() {}

  /** Empty where none failed. */
  static Optional<Sentence> of(List<Request> requests) {
    Map<Alike, List<Request>> reasons = new LinkedHashMap<>();
    for (var request : requests) {
      if (!request.answered()) {
        var detail = request.detail() == null ? "" : request.detail();
        var words = detail.replace(request.id(), "").replaceAll("[0-9]+", "0");
        reasons
            .computeIfAbsent(new Alike(request.outcome(), words), _ -> new ArrayList<>())
            .add(request);
      }
    }
    var told =
        reasons.values().stream()
            .sorted(Comparator.comparingInt((List<Request> alike) -> alike.size()).reversed())
            .limit(MOST)
            .map(Reasons::told)
            .toList();
    return told.isEmpty() ? Optional.empty() : Optional.of(Sentence.list("; ", told));
  }

  private static Sentence told(List<Request> alike) {
    var first = alike.getFirst();
    return first.detail() == null
        ? Sentence.of("%d %s", alike.size(), Evidence.word(first.outcome()))
        : Sentence.of("%d %s: %s", alike.size(), Evidence.word(first.outcome()), first.detail());
  }
}
