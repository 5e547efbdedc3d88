package dev.muster.verdict;

import dev.muster.timeline.Request;
import dev.muster.timeline.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Three accounts of each request laid side by side: the client's (the ledger), the server's (its
 * usage records) and the log store's. A difference is explained only by something that the run
 * itself saw; anything else is unexplained.
 *
 * @param rows one for each request that anybody tells of
 * @param mute pods that served requests and of which the log store has no line about any
 */
public record Reconciliation(List<Row> rows, Map<String, Long> mute) {

  /** How the accounts of a request compare. */
  public enum Kind {
    AGREE,
    EXPLAINED,
    UNEXPLAINED
  }

  /**
   * @param why the same sentence for all that are alike
   * @param detail of this request; may be empty
   */
  public record Row(String id, Kind kind, String why, String detail) {}

  private static final String REFUSED = "refused before it reached the service";
  private static final Set<String> FINISHED = Set.of("complete", "stop");

  /** Of a run whose traces were read. */
  public static Reconciliation of(History history) {
    var all = new Accounts(history);
    var rows = new ArrayList<Row>();
    for (var request : history.ledger()) {
      rows.add(compare(request, all));
    }
    all.strangers().forEach((id, traces) -> rows.add(stranger(id, traces)));
    return new Reconciliation(List.copyOf(rows), all.mute());
  }

  public List<Row> of(Kind kind) {
    return rows.stream().filter(row -> row.kind() == kind).toList();
  }

  private static Row compare(Request request, Accounts all) {
    return switch (request.outcome()) {
      case COMPLETE -> complete(request, all);
      case NOT_SENT -> notSent(request, all);
      default -> unanswered(request, all);
    };
  }

  private static Row complete(Request request, Accounts all) {
    var id = request.id();
    var record = all.record(id);
    if (record.isEmpty()) {
      return new Row(
          id,
          Kind.UNEXPLAINED,
          "complete for its client, and no usage record",
          request.pods().isEmpty() ? "" : "served by " + request.pods().getLast());
    }
    var gateway = record.get().pod();
    var silent =
        Stream.of(gateway, record.get().worker())
            .filter(pod -> !pod.isEmpty() && all.lines(id, pod).isEmpty())
            .toList();
    var unshipped = silent.stream().filter(pod -> all.unshipped(pod, request)).toList();
    if (silent.size() > unshipped.size()) {
      var left = new TreeSet<>(silent);
      unshipped.forEach(left::remove);
      return new Row(
          id,
          Kind.UNEXPLAINED,
          "complete for its client and recorded, and no log line",
          "of " + String.join(" and ", left));
    }
    var said = all.lines(id, gateway).stream().map(Trace::outcome).collect(Collectors.toSet());
    said.remove("");
    if (!said.isEmpty() && said.stream().noneMatch(FINISHED::contains)) {
      return said.equals(Set.of("cancelled"))
          ? new Row(id, Kind.EXPLAINED, "its client left with the whole answer", gateway)
          : new Row(
              id,
              Kind.UNEXPLAINED,
              "complete for its client, and another outcome in the log",
              gateway + " says " + String.join(", ", said));
    }
    return unshipped.isEmpty()
        ? new Row(id, Kind.AGREE, "complete for all", "")
        : new Row(
            id,
            Kind.EXPLAINED,
            "not shipped: the log of a pod that was lost had not been sent",
            String.join(" and ", unshipped));
  }

  private static Row notSent(Request request, Accounts all) {
    return all.traced(request.id())
        ? new Row(
            request.id(), Kind.UNEXPLAINED, "never sent by its client, and known to the server", "")
        : new Row(request.id(), Kind.AGREE, "never sent", "");
  }

  private static Row unanswered(Request request, Accounts all) {
    var id = request.id();
    var outcome = request.outcome().toString();
    if (all.record(id).isPresent()) {
      return cut(request, all, "cut for its client, finished by the server");
    }
    var lines = all.lines(id).stream().filter(line -> !line.component().equals("ingress")).toList();
    boolean finished = lines.stream().anyMatch(line -> FINISHED.contains(line.outcome()));
    if (finished) {
      boolean byGateway =
          lines.stream()
              .anyMatch(l -> l.component().equals("api") && FINISHED.contains(l.outcome()));
      return byGateway
          ? new Row(
              id, Kind.UNEXPLAINED, "complete in the log, neither answered nor recorded", outcome)
          : cut(request, all, "cut by the fault between worker and client");
    }
    if (!lines.isEmpty()) {
      return new Row(id, Kind.AGREE, "not answered in full for all", outcome);
    }
    return switch (request.outcome()) {
      case REJECTED, CONNECTION_FAILED, HTTP_ERROR ->
          all.lines(id).isEmpty()
              ? cut(request, all, REFUSED)
              : new Row(id, Kind.EXPLAINED, REFUSED, outcome + ", told by the ingress");
      default -> cut(request, all, "cut by the fault, together with whoever served it");
    };
  }

  /** Something that only a fault explains. */
  private static Row cut(Request request, Accounts all, String why) {
    return all.disturbed(request)
        ? new Row(request.id(), Kind.EXPLAINED, why, request.outcome().toString())
        : new Row(
            request.id(),
            Kind.UNEXPLAINED,
            all.traced(request.id())
                ? "not answered in full although nothing was disturbed, and accounts differ"
                : "not answered in full although nothing was disturbed, and nobody else knows of it",
            request.outcome().toString());
  }

  private static Row stranger(String id, List<Trace> traces) {
    var where =
        traces.stream()
            .map(t -> t.source() == Trace.Source.USAGE ? "usage record" : "log line of " + t.pod())
            .distinct()
            .limit(3)
            .collect(Collectors.joining(", "));
    return new Row(id, Kind.UNEXPLAINED, "sent by no client of this run", where);
  }

  /** So many of each sentence, in the order of the sentences. */
  Map<String, List<Row>> alike(Kind kind) {
    return of(kind).stream()
        .collect(Collectors.groupingBy(Row::why, TreeMap::new, Collectors.toList()));
  }
}
