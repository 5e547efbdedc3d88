package dev.muster.drill.expect;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.kind.FaultKind.Trait;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A field of {@code expect} as a drill file gives it, in the whole of the drill, and where what is
 * wrong with it is told. A rule is asked also where the schema has complained: then what cannot be
 * read counts as left out. Places in the field are pointers from it: {@code /min}, {@code
 * /0/query}; empty for the field itself.
 *
 * @param problems takes a pointer from the top and what is wrong there
 */
public record ExpectYaml(JsonNode drill, String field, BiConsumer<String, String> problems) {

  public JsonNode at(String place) {
    return drill.at("/expect/" + field + place);
  }

  /** Null where there is none. */
  public @Nullable Duration duration(String place) {
    return DurationText.parse(at(place).asString("")).orElse(null);
  }

  public void refuse(String place, String why) {
    problems.accept("/expect/" + field + place, why);
  }

  public Faults faults() {
    return Faults.of(drill.path("faults"));
  }

  /** Refused of a drill none of whose faults does what is expected. */
  public void needs(Trait trait, String does) {
    Faults faults = faults();
    if (!faults.isEmpty() && faults.none(trait)) {
      refuse("", faults.unanswerable(field, does, trait));
    }
  }

  /** Whether somebody watches: {@code observe} names it, or all of them are installed. */
  public boolean watched(String who) {
    return drill.has("monitor") || drill.path("observe").has(who);
  }

  /** Of the same thing two entries would contradict each other, or say it twice. */
  public void once(String... names) {
    Map<List<String>, Integer> seen = new HashMap<>();
    for (int i = 0; i < at("").size(); i++) {
      JsonNode entry = at("/" + i);
      if (Arrays.stream(names).allMatch(name -> entry.path(name).isString())) {
        List<String> what = Arrays.stream(names).map(name -> entry.path(name).asString()).toList();
        Integer first = seen.putIfAbsent(what, i);
        if (first != null) {
          refuse(
              "/" + i,
              "expect.%s[%d] asks the same already: say all of it there".formatted(field, first));
        }
      }
    }
  }
}
