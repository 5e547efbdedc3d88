package dev.muster.report;

import dev.muster.verdict.check.clients.ServedByRevision;
import dev.muster.verdict.check.clients.ServedByRevision.OfRevision;
import dev.muster.verdict.check.clients.ServedByRevision.OfWorkload;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.recovery.Recovery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one revision of a workload answered. The rows of a workload add up to all answered requests.
 *
 * @param revision null for the requests of which nobody names a pod of the workload
 * @param pods that were seen of it
 * @param from when the first of the answered requests was sent, and {@code to} when the last ended:
 *     seconds since the fault; null where none was answered, or there was no fault
 * @param beforeReady requests that met a pod which had not been Ready yet
 * @param afterReady requests that were sent when their pod was not Ready any more
 */
public record RevisionRow(
    String workload,
    @Nullable String revision,
    List<String> pods,
    long answered,
    @Nullable Double from,
    @Nullable Double to,
    Requests beforeReady,
    Requests afterReady) {

  /**
   * @param ids of the first ten; the ledger has all
   */
  public record Requests(long count, List<String> ids) {
    private static final int NAMED = 10;

    static Requests of(List<String> ids) {
      return new Requests(ids.size(), ids.stream().limit(NAMED).toList());
    }
  }

  /**
   * Null where nobody told which revision any pod was; none where no workload had another one.
   * Otherwise those of the workloads that answered, and of those that had another one.
   */
  static @Nullable List<RevisionRow> of(History history, Optional<Recovery> recovery) {
    return ServedByRevision.of(history).map(told -> rows(told, history, recovery)).orElse(null);
  }

  private static List<RevisionRow> rows(
      ServedByRevision told, History history, Optional<Recovery> recovery) {
    if (history.ledger().isEmpty() || told.workloads().stream().noneMatch(OfWorkload::changed)) {
      return List.of();
    }
    var rows = new ArrayList<RevisionRow>();
    for (var w : told.workloads()) {
      if (w.changed() || w.answered() > 0) {
        w.revisions().forEach(r -> rows.add(row(w, r, recovery)));
        if (w.unnamed() > 0) {
          rows.add(unnamed(w));
        }
      }
    }
    return rows;
  }

  private static RevisionRow row(OfWorkload w, OfRevision r, Optional<Recovery> recovery) {
    return new RevisionRow(
        w.workload().path(),
        r.revision(),
        r.pods(),
        r.answered(),
        since(recovery, r.first()),
        since(recovery, r.last()),
        Requests.of(r.beforeReady()),
        Requests.of(r.afterReady()));
  }

  private static RevisionRow unnamed(OfWorkload w) {
    var none = Requests.of(List.of());
    return new RevisionRow(
        w.workload().path(), null, List.of(), w.unnamed(), null, null, none, none);
  }

  private static @Nullable Double since(Optional<Recovery> recovery, @Nullable Instant at) {
    return at == null ? null : recovery.map(r -> r.since(at)).orElse(null);
  }
}
