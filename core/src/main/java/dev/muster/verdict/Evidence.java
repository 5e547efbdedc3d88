package dev.muster.verdict;

import dev.muster.timeline.Request;
import java.util.List;
import java.util.Map;

/** What shows it, as the lines of a finding. */
final class Evidence {
  private Evidence() {}

  static List<String> of(Map<String, String> evidence) {
    return evidence.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .toList();
  }

  /** The first of the requests that got no full answer, at most so many. */
  static List<String> failed(List<Request> requests, int most) {
    return requests.stream()
        .filter(request -> !request.outcome().good())
        .limit(most)
        .map(request ->
            "request "
                + request.id()
                + " "
                + request.outcome()
                + (request.detail() == null ? "" : ": " + request.detail()))
        .toList();
  }
}
