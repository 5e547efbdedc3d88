package dev.muster.cluster.fault;

import dev.muster.drill.kind.FaultKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** The kinds of faults that can be done on a cluster. */
public final class KindsOnCluster {
  private static final Map<String, OnCluster<?>> ALL = new HashMap<>();

  static {
    ServiceLoader.load(OnCluster.class, OnCluster.class.getClassLoader())
        .forEach(on -> ALL.put(on.kind().getSimpleName(), on));
  }

  private KindsOnCluster() {}

  @SuppressWarnings("unchecked") // each is found by the kind that it is of
  public static OnCluster<FaultKind> of(FaultKind kind) {
    return (OnCluster<FaultKind>)
        named(kind.word())
            .orElseThrow(() ->
                new IllegalStateException(
                    kind.word()
                        + " is in no line of META-INF/services/"
                        + OnCluster.class.getName()));
  }

  /** By the word of a drill file and of a journal. */
  public static Optional<OnCluster<?>> named(String word) {
    return Optional.ofNullable(ALL.get(word));
  }
}
