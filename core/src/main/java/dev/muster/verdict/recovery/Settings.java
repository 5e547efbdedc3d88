package dev.muster.verdict.recovery;

import dev.muster.timeline.Event.SettingObserved;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.History;
import java.util.List;
import java.util.Optional;

/** The settings that the timeline saw, to put a name to the time they cost. */
public final class Settings {
  private final List<SettingObserved> seen;

  public Settings(History history) {
    seen = Recovery.events(history, SettingObserved.class).toList();
  }

  /** A pod and the node on which it was. */
  public record Placed(ObjectRef.Pod pod, ObjectRef.Node node) {}

  public List<SettingObserved> named(String name) {
    return seen.stream().filter(setting -> setting.name().equals(name)).toList();
  }

  /** The pod's own setting, or that of a component which holds for all pods. */
  Optional<SettingObserved> of(String name, Optional<ObjectRef.Pod> pod) {
    return named(name).stream()
        .filter(s -> pod.map(p -> p.is(s.where())).orElse(false))
        .findFirst()
        .or(() ->
            named(name).stream().filter(s -> s.where() instanceof ObjectRef.Component).findFirst());
  }

  /** Pods of a kind ({@code targetPod}, {@code pod}) and where they were. */
  public List<Placed> placed(String kind) {
    return named(kind).stream()
        .filter(s -> s.where() instanceof ObjectRef.Pod)
        .map(s -> new Placed((ObjectRef.Pod) s.where(), ObjectRef.Node.parse(s.value())))
        .toList();
  }

  /** The pods that a workload makes, as their owner references say. */
  public List<ObjectRef.Pod> podsOf(ObjectRef.Workload workload) {
    return named("controller").stream()
        .filter(s -> ObjectRef.parse(s.value()).is(workload))
        .filter(s -> s.where() instanceof ObjectRef.Pod)
        .map(s -> (ObjectRef.Pod) s.where())
        .toList();
  }

  /** {@code tolerationSeconds 300 (Pod deepseek-worker)}. */
  public static String text(SettingObserved setting) {
    var where =
        switch (setting.where()) {
          case ObjectRef.Component component -> component.name();
          case ObjectRef.Workload workload -> workload.kind() + " " + workload.name();
          case ObjectRef object -> object.getClass().getSimpleName() + " " + object.name();
        };
    return setting.name() + " " + setting.value() + " (" + where + ")";
  }
}
