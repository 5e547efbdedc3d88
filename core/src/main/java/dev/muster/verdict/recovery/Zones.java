package dev.muster.verdict.recovery;

import dev.muster.timeline.Event.PodsPlaced;
import dev.muster.timeline.Event.SettingObserved;
import dev.muster.timeline.Event.VictimHosts;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.History;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * In which zones nodes and the service's pods were before the fault, as the timeline tells: by the
 * look of the preflight, and of the target's pods on a victim by the one just before it was taken.
 * Zones are those of {@code topology.kubernetes.io/zone}; the empty one is that of nodes that have
 * no such label.
 */
public final class Zones {
  private final List<SettingObserved> told;
  private final List<VictimHosts> hosts;
  private final List<Settings.Placed> placed;
  private final List<SettingObserved> ready;

  public Zones(History history) {
    var settings = new Settings(history);
    told = settings.named("zone");
    ready = settings.named("ready");
    hosts = Recovery.events(history, VictimHosts.class).toList();
    placed =
        Stream.of(
                settings.placed("targetPod").stream(),
                settings.placed("pod").stream(),
                Recovery.events(history, PodsPlaced.class)
                    .flatMap(e -> e.nodes().entrySet().stream())
                    .map(e -> new Settings.Placed(e.getKey(), e.getValue())))
            .flatMap(places -> places)
            .toList();
  }

  /** All nodes of the cluster; empty where nobody told their zones. */
  public List<ObjectRef.Node> nodes() {
    return told.stream()
        .filter(s -> s.where() instanceof ObjectRef.Node)
        .map(s -> (ObjectRef.Node) s.where())
        .toList();
  }

  /** Empty where nobody told. */
  public Optional<String> of(ObjectRef node) {
    return told.stream().filter(s -> s.where().is(node)).map(SettingObserved::value).findFirst();
  }

  /** Empty where nobody told. */
  public Optional<ObjectRef.Node> nodeOf(ObjectRef.Pod pod) {
    return hosts.stream()
        .filter(h -> h.pods().stream().anyMatch(pod::is))
        .map(VictimHosts::node)
        .reduce((_, last) -> last)
        .or(() ->
            placed.stream().filter(p -> p.pod().is(pod)).map(Settings.Placed::node).findFirst());
  }

  /** Whether somebody looked what was on the node when it was about to be taken. */
  public boolean looked(ObjectRef node) {
    return hosts.stream().anyMatch(h -> h.node().is(node));
  }

  /** Of a node or a pod: only what is not Ready is told. */
  public boolean ready(ObjectRef object) {
    return ready.stream().noneMatch(s -> s.where().is(object) && s.value().equals("false"));
  }
}
