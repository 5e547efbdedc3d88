package dev.muster.drill.abort;

import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.drill.field.Rooms;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What an abort rule looks at. A new one is one record beside this file, with a {@code ROOM} that a
 * drill file is read by, and a word in the list below; its look is a case of {@code AbortProbes}.
 */
public sealed interface Probe permits ErrorRatio, Http, Command, Promql, Alert {

  /**
   * @param word as in the drill file
   * @param reader of a rule that schema and rules have accepted
   * @param rules what it needs of the drill
   * @param fields of its own; all rules take a mode and a time
   */
  record Room(
      String word,
      Function<FaultYaml, ? extends Probe> reader,
      Consumer<FaultYaml> rules,
      List<Field> fields) {}

  static List<Room> rooms() {
    return Rooms.of(Probe.class, "ROOM", Room.class);
  }

  static Optional<Room> named(String word) {
    return rooms().stream().filter(room -> room.word().equals(word)).findFirst();
  }

  /** What holds when it speaks for an abort, as a plan says it. */
  String words();

  /** As a rule of those who ask Prometheus. */
  static void prometheus(FaultYaml rule) {
    if (!rule.drill().has("monitor") && !rule.drill().in("observe").has("prometheus")) {
      rule.refuse(
          "probe "
              + rule.text("probe", "")
              + " needs a Prometheus: monitor, or observe.prometheus");
    }
  }
}
