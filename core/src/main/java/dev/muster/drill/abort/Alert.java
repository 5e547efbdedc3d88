package dev.muster.drill.abort;

import dev.muster.drill.field.Field;
import java.util.List;

/**
 * An alert that is in this state.
 *
 * @param state firing or pending
 */
public record Alert(String name, String state) implements Probe {
  public static final Room ROOM =
      new Room(
          "alert",
          rule -> new Alert(rule.text("name", ""), rule.text("state", "firing")),
          Probe::prometheus,
          List.of(
              Field.text("name", "name of the alert").required("Down"),
              Field.word("state", "of the alert; firing if left out", "firing", "pending")));

  @Override
  public String words() {
    return "alert " + name + " is " + state;
  }
}
