package dev.muster.engine.run;

import dev.muster.drill.port.Progress;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The cluster of a {@link SmallRun}, with one node. */
final class SmallCluster implements Ports.Cluster {
  private final SmallRun run;

  SmallCluster(SmallRun run) {
    this.run = run;
  }

  @Override
  public void deploy(Progress progress) throws InterruptedException {
    run.act("deploy");
    run.deploying.run();
  }

  @Override
  public Ports.Preflight preflight() {
    run.act("preflight");
    return new Ports.Preflight(List.of("n"), run.refusals, List.of());
  }

  @Override
  public void observeSettings(Consumer<Event> timeline) {
    run.act("settings");
  }

  @Override
  public Ports.Watch watch(Consumer<Event> timeline) {
    run.act("watch");
    return new Ports.Watch() {
      @Override
      public String nodeStates() {
        return "";
      }

      @Override
      public void victimNode(ObjectRef.Node node) {
        run.act("victim " + node);
      }

      @Override
      public void victimPod(ObjectRef.Pod pod) {
        run.act("victim " + pod.name());
      }

      @Override
      public void close() {
        run.act("watch ends");
      }
    };
  }

  @Override
  public boolean whole() {
    return true;
  }

  @Override
  public boolean nodesBack() {
    run.act("nodes back?");
    return --run.looksUntilNodesAreBack <= 0;
  }

  @Override
  public Ports.Audit audit(Set<String> disturbed) {
    run.act("audit");
    return new Ports.Audit(List.of(), List.of(), List.of());
  }

  @Override
  public void leave() {
    run.act("leave");
  }

  @Override
  public void hold(Abort by, Progress progress) {
    run.act("hold");
  }

  @Override
  public void close() {
    run.act("free");
  }
}
