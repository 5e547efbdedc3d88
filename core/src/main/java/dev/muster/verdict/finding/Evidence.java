package dev.muster.verdict.finding;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.util.List;
import java.util.Map;

/** What shows it, as the lines of a finding. */
public final class Evidence {
  private Evidence() {}

  public static List<Sentence> of(Map<String, String> evidence) {
    return evidence.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> Sentence.quote(entry.getKey() + ": " + entry.getValue()))
        .toList();
  }

  /** The first of the requests that got no full answer, at most so many. */
  public static List<Sentence> failed(List<Request> requests, int most) {
    return requests.stream()
        .filter(request -> !request.answered())
        .limit(most)
        .map(Evidence::failed)
        .toList();
  }

  private static Sentence failed(Request request) {
    return request.detail() == null
        ? Sentence.of("request %s %s", request.id(), word(request.outcome()))
        : Sentence.of("request %s %s: %s", request.id(), word(request.outcome()), request.detail());
  }

  /** How many ended how. */
  public static Sentence counted(Map<Outcome, Long> outcomes) {
    return Sentence.list(
        ", ",
        outcomes.entrySet().stream()
            .map(e -> Sentence.of("%s=%d", word(e.getKey()), e.getValue()))
            .toList());
  }

  public static Sentence word(Outcome outcome) {
    return Sentence.word("outcome", outcome.name());
  }
}
