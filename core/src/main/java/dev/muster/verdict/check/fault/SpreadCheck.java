package dev.muster.verdict.check.fault;

import dev.muster.drill.expect.Expectation;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Event.SettingObserved;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import dev.muster.verdict.recovery.Settings;
import dev.muster.verdict.recovery.ZoneOutage;
import dev.muster.verdict.recovery.Zones;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The service outlived each zone that faults took: every workload of it had a ready replica outside
 * the zone when that was taken, and where there is a load, clients were answered meanwhile. A
 * workload whose replicas would all be gone fails whether or not a client noticed. A zone of which
 * a node stayed that carried pods of the service was not lost, so nothing is proven.
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
    private final List<Sentence> fatal = new ArrayList<>();
    private final List<Sentence> doubts = new ArrayList<>();
    private final List<Sentence> good = new ArrayList<>();
    private final List<Sentence> lines = new ArrayList<>();

    Judgement(Recovery recovery) {
      this.recovery = recovery;
      settings = new Settings(recovery.history());
      zones = new Zones(recovery.history());
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

    private void judge(ZoneOutage outage, ObjectRef.Workload workload) {
      var pods = settings.podsOf(workload);
      var counts = new TreeMap<String, Integer>();
      int left = 0;
      boolean untold = pods.isEmpty();
      for (ObjectRef.Pod pod : pods) {
        var node = zones.nodeOf(pod);
        var zone = node.flatMap(zones::of);
        if (node.isEmpty() || zone.isEmpty()) {
          untold = true;
        } else if (!zone.get().equals(outage.zone())) {
          left += zones.ready(pod) ? 1 : 0;
        } else if (outage.faults().stream().noneMatch(f -> f.victim().is(node.get()))) {
          doubts.add(
              Sentence.of(
                  "zone %s was not lost as a whole: %s was on %s, which no fault took",
                  outage.zone(), pod.path(), node.get().name()));
        }
        if (zones.ready(pod)) {
          counts.merge(zone.orElse("?"), 1, Integer::sum);
        }
      }
      lines.add(Sentence.quote(workload.path() + " " + counts));
      if (left == 0 && untold) {
        doubts.add(Sentence.of("where the pods of %s were was not told", workload.path()));
      } else if (left == 0) {
        fatal.add(
            Sentence.of(
                "%s had no ready replica outside zone %s: topologySpreadConstraints over zones, or"
                    + " more replicas, keep one",
                workload.path(), outage.zone()));
      }
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
