package dev.muster.verdict.check.data;

import dev.muster.timeline.Request;
import dev.muster.timeline.Trace;
import dev.muster.verdict.finding.Evidence;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
   * @param sentence the same for all that are alike
   * @param detail of this request; null where there is nothing to add
   */
  public record Row(String id, Kind kind, Sentence sentence, @Nullable Sentence detail) {

    /** The sentence in English. */
    public String why() {
      return sentence.english();
    }
  }

  private static final Sentence REFUSED = Sentence.of("refused before it reached the service");
  private static final Sentence UNWRITTEN =
      Sentence.of("a retry that was sent and of which no row was kept");
  private static final Set<String> FINISHED = Set.of("complete", "stop");

  /** Of a run whose traces were read. */
  public static Reconciliation of(History history) {
    var all = new ReconciliationSources(history);
    var rows = new ArrayList<Row>();
    history.attempts().forEach(request -> rows.add(compare(request, all)));
    all.strangers()
        .forEach((id, traces) -> rows.add(all.retry(id) ? unwritten(id) : stranger(id, traces)));
    return new Reconciliation(List.copyOf(rows), all.mute());
  }

  public List<Row> of(Kind kind) {
    return rows.stream().filter(row -> row.kind() == kind).toList();
  }

  /** Retries of which nobody knows what their clients had. */
  long unwritten() {
    return rows.stream().filter(row -> row.sentence().equals(UNWRITTEN)).count();
  }

  private static Row compare(Request request, ReconciliationSources all) {
    return switch (request.outcome()) {
      case COMPLETE -> complete(request, all);
      case NOT_SENT -> notSent(request, all);
      case GENERATOR_LATE ->
          new Row(
              request.id(),
              Kind.EXPLAINED,
              Sentence.of("given up by a client that was late itself"),
              null);
      default -> unanswered(request, all);
    };
  }

  private static Row complete(Request request, ReconciliationSources all) {
    var id = request.id();
    var record = all.record(id);
    if (record.isEmpty()) {
      return new Row(
          id,
          Kind.UNEXPLAINED,
          Sentence.of("complete for its client, and no usage record"),
          request.pods().isEmpty() ? null : Sentence.of("served by %s", request.pods().getLast()));
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
          Sentence.of("complete for its client and recorded, and no log line"),
          Sentence.of("of %s", Sentence.names(" and ", left)));
    }
    var said = all.lines(id, gateway).stream().map(Trace::outcome).collect(Collectors.toSet());
    said.remove("");
    if (!said.isEmpty() && said.stream().noneMatch(FINISHED::contains)) {
      return said.equals(Set.of("cancelled"))
          ? new Row(
              id,
              Kind.EXPLAINED,
              Sentence.of("its client left with the whole answer"),
              Sentence.quote(gateway))
          : new Row(
              id,
              Kind.UNEXPLAINED,
              Sentence.of("complete for its client, and another outcome in the log"),
              Sentence.of("%s says %s", gateway, Sentence.names(", ", said)));
    }
    return unshipped.isEmpty()
        ? new Row(id, Kind.AGREE, Sentence.of("complete for all"), null)
        : new Row(
            id,
            Kind.EXPLAINED,
            Sentence.of("not shipped: the log of a pod that was lost had not been sent"),
            Sentence.names(" and ", unshipped));
  }

  private static Row notSent(Request request, ReconciliationSources all) {
    return all.traced(request.id())
        ? new Row(
            request.id(),
            Kind.UNEXPLAINED,
            Sentence.of("never sent by its client, and known to the server"),
            null)
        : new Row(request.id(), Kind.AGREE, Sentence.of("never sent"), null);
  }

  private static Row unanswered(Request request, ReconciliationSources all) {
    var id = request.id();
    var outcome = Evidence.word(request.outcome());
    if (all.record(id).isPresent()) {
      return cut(request, all, Sentence.of("cut for its client, finished by the server"));
    }
    var lines = all.lines(id).stream().filter(line -> !line.component().equals("ingress")).toList();
    boolean finished = lines.stream().anyMatch(line -> FINISHED.contains(line.outcome()));
    if (finished) {
      boolean byGateway =
          lines.stream()
              .anyMatch(l -> l.component().equals("api") && FINISHED.contains(l.outcome()));
      return byGateway
          ? new Row(
              id,
              Kind.UNEXPLAINED,
              Sentence.of("complete in the log, neither answered nor recorded"),
              outcome)
          : cut(request, all, Sentence.of("cut by the fault between worker and client"));
    }
    if (!lines.isEmpty()) {
      return new Row(id, Kind.AGREE, Sentence.of("not answered in full for all"), outcome);
    }
    return switch (request.outcome()) {
      case REJECTED, CONNECTION_FAILED, HTTP_ERROR ->
          all.lines(id).isEmpty()
              ? cut(request, all, REFUSED)
              : new Row(
                  id, Kind.EXPLAINED, REFUSED, Sentence.of("%s, told by the ingress", outcome));
      default ->
          cut(request, all, Sentence.of("cut by the fault, together with whoever served it"));
    };
  }

  /** Something that only a fault explains. */
  private static Row cut(Request request, ReconciliationSources all, Sentence why) {
    return all.disturbed(request)
        ? new Row(request.id(), Kind.EXPLAINED, why, Evidence.word(request.outcome()))
        : new Row(
            request.id(),
            Kind.UNEXPLAINED,
            all.traced(request.id())
                ? Sentence.of(
                    "not answered in full although nothing was disturbed, and accounts differ")
                : Sentence.of(
                    "not answered in full although nothing was disturbed, and nobody else knows of"
                        + " it"),
            Evidence.word(request.outcome()));
  }

  private static Row unwritten(String id) {
    return new Row(id, Kind.EXPLAINED, UNWRITTEN, null);
  }

  private static Row stranger(String id, List<Trace> traces) {
    var where =
        traces.stream()
            .map(t ->
                t.source() == Trace.Source.USAGE
                    ? Sentence.of("usage record")
                    : Sentence.of("log line of %s", t.pod()))
            .distinct()
            .limit(3)
            .toList();
    return new Row(
        id,
        Kind.UNEXPLAINED,
        Sentence.of("sent by no client of this run"),
        Sentence.list(", ", where));
  }

  /** So many of each sentence, in the order of the sentences. */
  Map<Sentence, List<Row>> alike(Kind kind) {
    return of(kind).stream()
        .collect(
            Collectors.groupingBy(
                Row::sentence,
                () -> new TreeMap<>(Comparator.comparing(Sentence::english)),
                Collectors.toList()));
  }
}
