package dev.muster.drill.file;

import dev.muster.drill.Fault;
import dev.muster.drill.Mode;
import dev.muster.drill.Step;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.kind.Kind;
import dev.muster.drill.kind.Kinds;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Makes steps and faults of a tree that schema and rules have accepted. */
final class FaultReader {
  private final SourceTree tree;

  FaultReader(SourceTree tree) {
    this.tree = tree;
  }

  List<Step> steps(String pointer) {
    var steps = new ArrayList<Step>();
    int count = tree.root().at(pointer).size();
    for (int i = 0; i < count; i++) {
      steps.add(step(pointer + "/" + i));
    }
    return List.copyOf(steps);
  }

  private Step step(String pointer) {
    JsonNode step = tree.root().at(pointer);
    if (step.has("hold")) {
      return new Step.Hold(DurationText.parse(step.path("hold").asString()).orElseThrow());
    }
    if (step.has("parallel")) {
      return new Step.Parallel(steps(pointer + "/parallel"));
    }
    if (step.has("serial")) {
      return new Step.Serial(steps(pointer + "/serial"));
    }
    return fault(FaultYaml.accepted(tree, pointer), pointer);
  }

  private static Fault fault(FaultYaml yaml, String pointer) {
    Kind kind = Kinds.named(yaml.kind()).orElseThrow();
    return new Fault(
        kind.reader().apply(yaml),
        new Mode(Mode.Word.of(yaml.text("mode", "one")), yaml.number("value", 0)),
        yaml.selector("selector"),
        yaml.duration("duration"),
        yaml.duration("ttl"),
        yaml.duration("after", Duration.ZERO),
        yaml.number("times", 1),
        yaml.has("times") ? yaml.duration("every", Duration.ZERO) : Duration.ZERO,
        yaml.flag("follow"),
        pointer);
  }
}
