package dev.muster.verdict.check.clients;

import dev.muster.timeline.Request;
import dev.muster.timeline.Trace;
import dev.muster.verdict.check.clients.ServedBy.Source;
import dev.muster.verdict.finding.History;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The pods of each request, in their order, by the best source that names any. */
public final class NamedPods {
  public record Named(String pod, Source by) {}

  private final Map<String, List<Trace>> traces;

  private NamedPods(Map<String, List<Trace>> traces) {
    this.traces = traces;
  }

  public static NamedPods of(History history) {
    return new NamedPods(
        history.traces().stream()
            .filter(t -> source(t) != null && !t.worker().isEmpty())
            .collect(Collectors.groupingBy(Trace::id, HashMap::new, Collectors.toList())));
  }

  public List<Named> of(Request request) {
    var named = new ArrayList<Named>();
    request.pods().stream().distinct().forEach(pod -> named.add(new Named(pod, Source.HEADER)));
    if (named.isEmpty()) {
      traces
          .getOrDefault(request.id(), List.of())
          .forEach(t -> {
            var source = source(t);
            if (source != null) {
              named.add(new Named(t.worker(), source));
            }
          });
    }
    return named;
  }

  private static @Nullable Source source(Trace trace) {
    return switch (trace.source()) {
      case ACCESS -> Source.ACCESS;
      case ENDPOINT -> Source.ENDPOINT;
      case USAGE, LOG -> null;
    };
  }
}
