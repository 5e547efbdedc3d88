package dev.muster.drill.file;

import dev.muster.drill.expect.ExpectYaml;
import dev.muster.drill.expect.Expectation;
import dev.muster.drill.expect.Expectation.Bound;
import dev.muster.drill.expect.Expectations;
import dev.muster.drill.field.DurationText;
import java.time.Duration;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/**
 * Expectations that nothing could answer, or that any answer would meet: a finding of theirs would
 * say nothing about the service. What is one's own, its check says.
 */
final class ExpectRules {
  private final JsonNode drill;
  private final BiConsumer<String, String> refuse;

  /**
   * @param refuse takes a pointer and what is wrong there
   */
  ExpectRules(JsonNode drill, BiConsumer<String, String> refuse) {
    this.drill = drill;
    this.refuse = refuse;
  }

  void check() {
    for (Expectation<?> each : Expectations.all()) {
      var yaml = new ExpectYaml(drill, each.name(), refuse);
      if (!yaml.at("").isMissingNode()) {
        check(each, yaml);
      }
    }
  }

  private void check(Expectation<?> each, ExpectYaml yaml) {
    if (each.schema().path("type").asString("").equals("array")
        && yaml.at("").isArray()
        && yaml.at("").isEmpty()) {
      yaml.refuse("", each.name() + " is empty and would expect nothing: fill it or take it out");
    }
    if (each.bound() == Bound.DEADLINE || each.bound() == Bound.WAITED) {
      each.places(drill)
          .filter(this::isZero)
          .forEach(
              place -> refuse.accept(place, "nothing happens within 0s: no run could meet it"));
    }
    if (each.clients() && !drill.has("load")) {
      yaml.refuse("", each.name() + " needs a \"load\": without clients it is not known");
    }
    each.rules().accept(yaml);
  }

  private boolean isZero(String place) {
    return DurationText.parse(drill.at(place).asString("")).filter(Duration::isZero).isPresent();
  }
}
