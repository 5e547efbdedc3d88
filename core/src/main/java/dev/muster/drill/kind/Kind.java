package dev.muster.drill.kind;

import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.source.MinimumDuration;
import dev.muster.source.SourceTree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a drill file can say of a kind of fault, and how it is read: schema, rules, help and the
 * reader come of it.
 *
 * @param meaning for people, in one line
 * @param reader of what schema and rules have accepted
 * @param shortest how long it has to last to be seen
 * @param fields of its own; all take a duration and a ttl
 * @param rules what must hold between the fields
 * @param sense what can be said and makes no sense, of a drill that is to be run
 */
public record Kind(
    String word,
    String meaning,
    Function<FaultYaml, ? extends FaultKind> reader,
    Function<FaultYaml, MinimumDuration> shortest,
    List<Field> fields,
    Consumer<FaultYaml> rules,
    Consumer<FaultYaml> sense) {
  private static final List<String> REVERSIBLE = List.of("duration", "ttl");

  static <K extends FaultKind> Kind of(
      Class<K> type,
      String meaning,
      Function<FaultYaml, K> reader,
      Function<FaultYaml, MinimumDuration> shortest) {
    return new Kind(type.getSimpleName(), meaning, reader, shortest, List.of(), _ -> {}, _ -> {});
  }

  Kind takes(Field... own) {
    return new Kind(word, meaning, reader, shortest, List.of(own), rules, sense);
  }

  Kind rules(Consumer<FaultYaml> own) {
    return new Kind(word, meaning, reader, shortest, fields, own, sense);
  }

  Kind sense(Consumer<FaultYaml> own) {
    return new Kind(word, meaning, reader, shortest, fields, rules, own);
  }

  /** The names of all fields that go with it and not with every kind. */
  public List<String> fieldNames() {
    List<String> names = new ArrayList<>(REVERSIBLE);
    fields.forEach(field -> names.add(field.name()));
    return names;
  }

  /** Whether there is no fault of this kind without the field. */
  public boolean needs(String field) {
    return fields.stream().anyMatch(f -> f.name().equals(field) && f.required())
        || (REVERSIBLE.contains(field) && !Kinds.is(word, FaultKind.Trait.INSTANT));
  }

  /** One that says no more than it must. */
  public FaultKind plain(String in) {
    StringBuilder text = new StringBuilder("{kind: " + word + ", in: " + in);
    fields.stream()
        .filter(Field::required)
        .forEach(f -> text.append(", ").append(f.name()).append(": ").append(f.example()));
    return reader.apply(FaultYaml.accepted(SourceTree.of(text + "}", word), ""));
  }
}
