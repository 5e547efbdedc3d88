package dev.muster.drill.file;

import dev.muster.drill.kind.Kind;
import dev.muster.drill.kind.Kinds;
import dev.muster.source.SourceSchema;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The schema of drill files: {@code drill.schema.json}, with what the kinds of faults say. */
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
    return SourceSchema.of(
        json.writerWithDefaultPrettyPrinter().writeValueAsString(schema), "a drill");
  }
}
