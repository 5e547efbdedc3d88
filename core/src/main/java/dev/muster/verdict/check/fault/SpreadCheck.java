package dev.muster.verdict.check.fault;

import dev.muster.drill.expect.Expectation;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Event.SettingObserved;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Request;
import dev.muster.verdict.coverage.Gaps;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import dev.muster.verdict.recovery.Replicas;
import dev.muster.verdict.recovery.Replicas.Replica;
import dev.muster.verdict.recovery.Replicas.State;
import dev.muster.verdict.recovery.Settings;
import dev.muster.verdict.recovery.ZoneOutage;
import dev.muster.verdict.recovery.Zones;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The service outlived each zone that faults took: every workload of it had a ready replica outside
 * the zone when that was taken, and where there is a load, clients were answered meanwhile. A
 * workload whose replicas would all be gone fails whether or not a client noticed. A zone of which
 * a node stayed that carried pods of the service was not lost, so nothing is proven. Who was Ready
 * is asked of the moment at which the zone was gone; a replica on a node that another fault held
 * meanwhile is none.
 */
public final class SpreadCheck implements Check {
  public static final Expectation<Boolean> SURVIVES =
      Expectation.<Boolean>of(
              "zone",
              """
              {"type": "object", "additionalProperties": false, "required": ["survives"],
               "properties": {
                 "survives": {"type": "boolean", "const": true, "description": "true"}}}
              """,
              "each workload had a ready replica outside the zone that was lost, and clients were"
                  + " answered meanwhile",
              _ -> true)
          .rules(yaml -> yaml.needs(Trait.TAKES_NODE, "takes the nodes of a zone"));

  @Override
  public String name() {
    return "spread";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(SURVIVES);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOAD, Need.LEDGER);
  }

  @Override
  public List<Finding> judge(History history) {
    if (!SURVIVES.isIn(history.drill())) {
      return List.of();
    }
    return List.of(
        Recovery.of(history)
            .map(recovery -> new Judgement(recovery).finding())
            .orElseGet(() -> Finding.inconclusive(name(), Sentence.of("no fault was injected"))));
  }

  private final class Judgement {
    private final Recovery recovery;
    private final Settings settings;
    private final Zones zones;
    private final Replicas replicas;
    private final Gaps gaps;
    private final List<Sentence> fatal = new ArrayList<>();
    private final List<Sentence> doubts = new ArrayList<>();
    private final List<Sentence> good = new ArrayList<>();
    private final List<Sentence> lines = new ArrayList<>();

    Judgement(Recovery recovery) {
      this.recovery = recovery;
      settings = new Settings(recovery.history());
      zones = new Zones(recovery.history());
      replicas = new Replicas(recovery.history(), zones);
      gaps = Gaps.of(recovery.history());
    }

    Finding finding() {
      var outages = ZoneOutage.of(recovery, zones);
      if (outages.isEmpty()) {
        return Finding.inconclusive(
            name(), Sentence.of("in which zones the nodes that faults took were was not told"));
      }
      outages.forEach(this::judge);
      var status =
          !fatal.isEmpty() ? Status.FAIL : doubts.isEmpty() ? Status.PASS : Status.INCONCLUSIVE;
      var why = !fatal.isEmpty() ? fatal : doubts.isEmpty() ? good : doubts;
      return new Finding(name(), status, null, null, "", Sentence.list("; ", why), lines);
    }

    private void judge(ZoneOutage outage) {
      if (!outage.together()) {
        doubts.add(
            Sentence.of(
                "the nodes of zone %s that faults took were never away together", outage.zone()));
        return;
      }
      if (blind(outage)) {
        doubts.add(Sentence.of("pods were not watched when zone %s was taken", outage.zone()));
      }
      for (FaultInjected fault : outage.faults()) {
        if (!zones.looked(fault.victim())) {
          doubts.add(
              Sentence.of("what was on %s when it was taken was not told", fault.victim().name()));
        }
      }
      var workloads = settings.named("replicas").stream().filter(this::ofService).toList();
      if (workloads.isEmpty()) {
        doubts.add(Sentence.of("no workload of the service is known"));
      }
      workloads.forEach(each -> judge(outage, (ObjectRef.Workload) each.where()));
      if (recovery.history().drill().load() == null) {
        good.add(
            Sentence.of(
                "every workload of the service had a ready replica outside zone %s",
                outage.zone()));
      } else {
        clients(outage);
      }
    }

    private boolean ofService(SettingObserved replicas) {
      return replicas.where() instanceof ObjectRef.Workload workload
          && workload.namespace().equals(recovery.history().drill().target().namespace())
          && !replicas.value().equals("0");
    }

    private boolean blind(ZoneOutage outage) {
      return gaps.ofPods(outage.begin(), outage.begin());
    }

    private void judge(ZoneOutage outage, ObjectRef.Workload workload) {
      var all = replicas.of(workload, outage.begin());
      var counts = new TreeMap<String, Integer>();
      int left = 0;
      boolean unknown = blind(outage);
      for (Replica replica : all) {
        if (replica.state() == State.READY) {
          var zone = replica.node().flatMap(zones::of).orElse("?");
          counts.merge(zone, 1, Integer::sum);
        }
        var doubt = doubt(outage, replica);
        doubt.ifPresent(doubts::add);
        // one in the zone is none outside of it, whatever is doubtful of it
        unknown |= doubt.isPresent() && !inside(outage, replica);
        left += doubt.isEmpty() && isLeft(outage, replica) ? 1 : 0;
      }
      lines.add(Sentence.quote(workload.path() + " " + counts));
      if (left > 0) {
        return;
      }
      if (all.isEmpty() || all.stream().anyMatch(r -> r.state() == State.UNTOLD)) {
        doubts.add(Sentence.of("where the pods of %s were was not told", workload.path()));
      } else if (!unknown) {
        fatal.add(
            Sentence.of(
                "%s had no ready replica outside zone %s: topologySpreadConstraints over zones, or"
                    + " more replicas, keep one",
                workload.path(), outage.zone()));
      }
    }

    private boolean inside(ZoneOutage outage, Replica replica) {
      return replica.node().flatMap(zones::of).filter(outage.zone()::equals).isPresent();
    }

    private boolean isLeft(ZoneOutage outage, Replica replica) {
      return replica.state() == State.READY
          && replica
              .node()
              .filter(node -> zones.of(node).filter(z -> !z.equals(outage.zone())).isPresent())
              .flatMap(node -> outage.holds(recovery, node))
              .filter(held -> !held)
              .isPresent();
    }

    /** Why it is not known what became of a replica; empty of one that served nobody. */
    private Optional<Sentence> doubt(ZoneOutage outage, Replica replica) {
      if (replica.state() == State.NOT_READY) {
        return Optional.empty();
      }
      var node = replica.node();
      var zone = node.flatMap(zones::of);
      if (node.isEmpty() || zone.isEmpty()) {
        return Optional.of(
            Sentence.of(
                "in which zone %s was when zone %s was taken was not told",
                replica.pod().path(), outage.zone()));
      }
      if (inside(outage, replica)) {
        return outage.faults().stream().anyMatch(f -> f.victim().is(node.get()))
            ? Optional.empty()
            : Optional.of(
                Sentence.of(
                    "zone %s was not lost as a whole: %s was on %s, which no fault took",
                    outage.zone(), replica.pod().path(), node.get().name()));
      }
      return outage.holds(recovery, node.get()).isPresent()
          ? Optional.empty()
          : Optional.of(
              Sentence.of(
                  "whether %s was there while zone %s was away is not known: until when a fault"
                      + " held %s was not told",
                  replica.pod().path(), outage.zone(), node.get().name()));
    }

    private void clients(ZoneOutage outage) {
      var end = outage.end();
      if (end.isEmpty()) {
        doubts.add(
            Sentence.of("when the nodes of zone %s were given back was not told", outage.zone()));
        return;
      }
      var sent = outage.sent(recovery.history(), end.get());
      long answered = sent.stream().filter(Request::answered).count();
      if (sent.isEmpty()) {
        doubts.add(Sentence.of("no request was sent while zone %s was away", outage.zone()));
      } else if (answered == 0) {
        fatal.add(
            Sentence.of(
                "none of the %d requests sent while zone %s was away was answered",
                sent.size(), outage.zone()));
      } else {
        good.add(
            Sentence.of(
                "every workload of the service had a ready replica outside zone %s, and %d of %d"
                    + " requests sent while it was away were answered",
                outage.zone(), answered, sent.size()));
      }
    }
  }
}
