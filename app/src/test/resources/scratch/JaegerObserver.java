package dev.muster.observe.data;

import dev.muster.cluster.fault.ObserverOnCluster;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.Drill;
import dev.muster.drill.observer.Jaeger;
import dev.muster.drill.port.Observer;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import java.util.List;
import java.util.stream.Stream;

record JaegerObserver(ObserverOnCluster.Run run, Jaeger asked) implements Observer {

  @Override
  public String name() {
    return "jaeger";
  }

  @Override
  public void begin() {
    Stamp now = Stamp.engine(run.clock().instant());
    run.timeline().accept(new Event.NotObserved(now, name(), "began " + asked.service()));
  }

  @Override
  public void end() {}

  public static final class OnCluster implements ObserverOnCluster {

    @Override
    public Stream<? extends Observer> of(Run run) {
      return run.drill().watcher(Jaeger.class).map(j -> new JaegerObserver(run, j)).stream();
    }

    @Override
    public List<Right> rights(Drill drill) {
      return drill.watcher(Jaeger.class).map(j -> Right.of(j.place(), "get")).orElse(List.of());
    }
  }
}
