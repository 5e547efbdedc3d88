package dev.muster.observe.data;

import dev.muster.cluster.fault.ObserverOnCluster;
import dev.muster.cluster.fault.Rights;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.Drill;
import dev.muster.drill.port.Observer;
import dev.muster.observe.Poller;
import dev.muster.observe.StableCountWait;
import dev.muster.observe.ask.PodReplicas;
import dev.muster.verdict.check.data.AcknowledgedWritesCheck;
import dev.muster.verdict.check.data.CachesCheck;
import dev.muster.verdict.check.data.EtcdCheck;
import dev.muster.verdict.check.data.ReconciledCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is expected of the service's etcd: caches of it that agree, equal members, kept writes. */
public final class EtcdOnCluster implements ObserverOnCluster {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Override
  public Stream<Observer> of(Run run) {
    Drill drill = run.drill();
    var etcd = new ServiceEtcd(pods(run, "etcd", "client"));
    var clock = run.clock();
    var timeline = run.timeline();
    List<Observer> all = new ArrayList<>();
    if (CachesCheck.AGREE.isIn(drill)) {
      var gateways = pods(run, "api", "debug");
      var workers = pods(run, "worker", "http");
      all.add(new CacheObserver(etcd, gateways, workers, Poller.APART, clock, timeline));
    }
    if (EtcdCheck.EQUAL.isIn(drill)) {
      all.add(new EtcdObserver(etcd, Poller.APART, PATIENCE, clock, timeline));
    }
    if (AcknowledgedWritesCheck.KEPT.isIn(drill) || ReconciledCheck.UNEXPLAINED.isIn(drill)) {
      all.add(new UsageObserver(etcd, StableCountWait.APART, run.folder(), clock, timeline));
    }
    return all.stream();
  }

  private static PodReplicas pods(Run run, String component, String port) {
    return new PodReplicas(run.probe(), run.drill().target().namespace(), component, port);
  }

  /** Its JSON gateway takes nothing but POST, which is "create" to RBAC. */
  @Override
  public List<Right> rights(Drill drill) {
    boolean asked =
        EtcdCheck.EQUAL.isIn(drill)
            || AcknowledgedWritesCheck.KEPT.isIn(drill)
            || CachesCheck.AGREE.isIn(drill)
            || ReconciledCheck.UNEXPLAINED.isIn(drill);
    return asked
        ? Right.of(Rights.CORE, "pods/proxy", drill.target().namespace(), "create")
        : List.of();
  }
}
