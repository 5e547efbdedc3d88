package dev.muster.verdict.check.clients;

import dev.muster.timeline.Request;
import dev.muster.verdict.finding.History;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which pods served the requests of a run, by whoever named them. A request that went through
 * several pods counts for each.
 *
 * @param pods by name
 * @param unnamed requests that reached the service, as far as a client knows, and of which nobody
 *     says where they went
 */
public record ServedBy(List<OfPod> pods, long unnamed) {
  /** Who named a pod, the best first. */
  public enum Source {
    HEADER,
    ACCESS,
    ENDPOINT
  }

  /**
   * @param by the worst of the sources that its requests were named by
   * @param other requests that got no answer in full
   * @param first when the first of them was sent
   * @param last when the last of them ended
   */
  public record OfPod(
      String pod, Source by, long answered, long other, Instant first, Instant last) {
    private OfPod and(OfPod o) {
      return new OfPod(
          pod,
          by.compareTo(o.by) >= 0 ? by : o.by,
          answered + o.answered,
          other + o.other,
          first.isBefore(o.first) ? first : o.first,
          last.isAfter(o.last) ? last : o.last);
    }
  }

  public static ServedBy of(History history) {
    var named = NamedPods.of(history);
    Map<String, OfPod> pods = new TreeMap<>();
    long unnamed = 0;
    for (var request : history.ledger()) {
      var served = named.of(request);
      served.forEach(s -> pods.merge(s.pod(), of(request, s.pod(), s.by()), OfPod::and));
      if (served.isEmpty() && request.httpStatus() > 0) {
        unnamed++;
      }
    }
    return new ServedBy(
        pods.values().stream().sorted(Comparator.comparing(OfPod::pod)).toList(), unnamed);
  }

  private static OfPod of(Request request, String pod, Source by) {
    var sent = request.sent();
    var ended = request.ended();
    return new OfPod(
        pod,
        by,
        request.answered() ? 1 : 0,
        request.answered() ? 0 : 1,
        sent == null ? request.intended() : sent,
        ended == null ? request.intended() : ended);
  }
}
