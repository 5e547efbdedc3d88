package dev.muster.drill.file;

import dev.muster.drill.abort.Probe;
import dev.muster.drill.expect.Expectations;
import dev.muster.drill.kind.Kind;
import dev.muster.drill.kind.Kinds;
import dev.muster.drill.observer.Watcher;
import dev.muster.source.SourceSchema;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of drill files: {@code drill.schema.json}, with what kinds of faults, abort probes,
 * watchers and checks say of themselves.
 */
final class DrillSchema {
  private DrillSchema() {}

  static SourceSchema read() {
    JsonMapper json = JsonMapper.shared();
    ObjectNode schema =
        (ObjectNode) json.readTree(SourceSchema.load(DrillFile.class, "drill.schema.json"));
    ObjectNode fields = (ObjectNode) schema.at("/$defs/step/properties");
    ObjectNode kind = (ObjectNode) fields.path("kind");
    ArrayNode words = kind.putArray("enum");
    ArrayNode meanings = kind.putArray("enumDescriptions");
    for (Kind each : Kinds.all()) {
      words.add(each.word());
      meanings.add(each.meaning());
      each.fields().forEach(field -> field.into(fields));
    }
    ObjectNode rule = (ObjectNode) schema.at("/$defs/abortRule/properties");
    List<String> probes = Probe.rooms().stream().map(Probe.Room::word).toList();
    ObjectNode probe = rule.putObject("probe");
    probes.forEach(probe.putArray("enum")::add);
    probe.put("description", String.join(", ", probes).replaceFirst(", ([^,]+)$", " or $1"));
    Probe.rooms().forEach(room -> room.fields().forEach(field -> field.into(rule)));
    ObjectNode observe = (ObjectNode) schema.at("/$defs/observe/properties");
    Watcher.rooms().forEach(room -> room.field().into(observe));
    ObjectNode expect = (ObjectNode) schema.at("/$defs/expect/properties");
    Expectations.all().forEach(expectation -> expectation.into(expect));
    return SourceSchema.of(
        json.writerWithDefaultPrettyPrinter().writeValueAsString(schema), "a drill");
  }
}
