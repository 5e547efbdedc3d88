package dev.muster.engine.world;

import dev.muster.drill.port.Progress;
import dev.muster.engine.run.Abort;
import dev.muster.engine.run.Ports;
import dev.muster.engine.time.VirtualTime;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A {@link World} as a cluster with a target in it. */
final class WorldCluster implements Ports.Cluster {
  private final World world;
  private final VirtualTime time;

  WorldCluster(World world) {
    this.world = world;
    this.time = world.time;
  }

  @Override
  public void hold(Abort abort, Progress progress) throws InterruptedException {
    world.call();
    time.sleep(Duration.ofMillis(200));
  }

  @Override
  public void deploy(Progress progress) throws InterruptedException {
    time.sleep(Duration.ofNanos(world.between(1, 90)));
    world.alive();
  }

  @Override
  public Ports.Preflight preflight() throws InterruptedException {
    world.call();
    time.sleep(Duration.ofSeconds(3));
    world.call();
    return new Ports.Preflight(List.of("somebody"), List.of(), List.of());
  }

  @Override
  public void observeSettings(Consumer<Event> timeline) {
    world.call();
    timeline.accept(
        new Event.SettingObserved(
            Stamp.engine(time.instant()),
            "node-monitor-grace-period",
            "40s",
            new ObjectRef.Component("made up")));
  }

  @Override
  public Ports.Watch watch(Consumer<Event> timeline) {
    world.call();
    return new WorldWatch(world, timeline);
  }

  @Override
  public boolean whole() {
    world.alive();
    return !world.isAway() && world.nodes.keySet().stream().allMatch(world::ready);
  }

  @Override
  public boolean nodesBack() {
    return whole();
  }

  /** An agent looks on every node; it takes a moment. */
  @Override
  public Ports.Audit audit(Set<String> disturbed) throws InterruptedException {
    world.alive();
    time.sleep(Duration.ofSeconds(2));
    world.alive();
    if (world.isAway()) {
      return new Ports.Audit(
          List.of(), List.of("cluster: the API server does not answer"), List.of());
    }
    List<String> residue = new ArrayList<>();
    List<String> unseen = new ArrayList<>();
    for (String node : world.nodes.keySet()) {
      if (!world.reachable(node)) {
        unseen.add("node " + node + " is not Ready");
      }
    }
    List<String> left = world.left();
    left.stream().filter(l -> unseen.stream().noneMatch(l::contains)).forEach(residue::add);
    return new Ports.Audit(residue, unseen, List.of());
  }

  @Override
  public void leave() {
    world.alive();
    world.agents.forEach(WorldAgent::delete);
  }

  @Override
  public void close() {
    world.alive();
  }
}
