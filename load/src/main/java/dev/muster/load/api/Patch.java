package dev.muster.load.api;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Lays what a drill says of a body over it, as RFC 7396 has it. */
final class Patch {
  private static final JsonMapper JSON = new JsonMapper();

  private Patch() {}

  /** Objects are merged, a null takes a field out, anything else takes its place. */
  static void lay(Map<String, Object> patch, ObjectNode over) {
    merge(over, JSON.valueToTree(patch));
  }

  private static void merge(ObjectNode into, JsonNode patch) {
    for (var field : patch.properties()) {
      if (field.getValue().isNull()) {
        into.remove(field.getKey());
      } else if (field.getValue().isObject()) {
        var inner =
            into.path(field.getKey()) instanceof ObjectNode there ? there : JSON.createObjectNode();
        merge(inner, field.getValue());
        into.set(field.getKey(), inner);
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }
}
