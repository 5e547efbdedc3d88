package dev.muster.drill.abort;

import dev.muster.drill.field.Field;
import java.util.List;

/**
 * A program that ends with another code than 0.
 *
 * @param line its words, which never go through a shell
 */
public record Command(List<String> line) implements Probe {
  public static final Room ROOM =
      new Room(
          "command",
          rule -> new Command(rule.list("command")),
          _ -> {},
          List.of(
              Field.defined(
                      "command",
                      "command",
                      "a list of words; ends with another code than 0, or not within 10 s")
                  .required("['false']")));

  @Override
  public String words() {
    return line + " fails";
  }
}
