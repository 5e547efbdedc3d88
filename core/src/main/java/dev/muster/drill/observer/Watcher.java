package dev.muster.drill.observer;

import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.drill.field.Rooms;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who watches the service beside Kubernetes, as a drill names it under {@code observe}. A new one
 * is one record beside this file, with a {@code ROOM} that a drill file is read by, and a word in
 * the list below.
 */
public sealed interface Watcher
    permits Prometheus, Alertmanager, Elasticsearch, Grafana, AccessLog {

  /**
   * @param field of {@code observe}, with what it takes and means
   * @param reader of an {@code observe} that schema and rules have accepted; empty where the drill
   *     has no such watcher
   */
  record Room(Field field, Function<FaultYaml, ? extends Optional<? extends Watcher>> reader) {}

  static List<Room> rooms() {
    return Rooms.of(Watcher.class, "ROOM", Room.class);
  }

  /**
   * @param observe may be left out: what {@code monitor} installs watches too
   */
  static List<Watcher> read(FaultYaml observe) {
    return rooms().stream()
        .<Watcher>flatMap(room -> room.reader().apply(observe).stream())
        .toList();
  }
}
