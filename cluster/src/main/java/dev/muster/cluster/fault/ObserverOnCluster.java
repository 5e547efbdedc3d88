package dev.muster.cluster.fault;

import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.Drill;
import dev.muster.drill.port.Observer;
import dev.muster.timeline.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Observers on a real cluster: whom a drill needs of them, and what they must be allowed. One class
 * beside those who ask the same, and a line in {@code META-INF/services}, in whose order all of
 * them begin and end. It is here for {@link Rights} to ask: {@code dev.muster.observe} knows the
 * cluster.
 */
public interface ObserverOnCluster {

  /**
   * What is observed, and by what.
   *
   * @param probe does not try again: what it is told once is what it says
   * @param folder of the run, for files
   * @param drivers folder of JDBC drivers' jars
   * @param environment has tokens and what is secret, which stand in no message
   */
  record Run(
      Drill drill,
      KubernetesClient probe,
      Path folder,
      Path drivers,
      Map<String, String> environment,
      InstantSource clock,
      Consumer<Event> timeline) {}

  static List<ObserverOnCluster> all() {
    return ServiceLoader.load(ObserverOnCluster.class, ObserverOnCluster.class.getClassLoader())
        .stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /** Those whom the drill needs; none is begun. */
  Stream<? extends Observer> of(Run run);

  /** What a drill must be allowed for them. */
  default List<Right> rights(Drill drill) {
    return List.of();
  }
}
