package dev.muster.hostile;

import dev.muster.hostile.Store.Place;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answers of an API server that behaves, but for watches: lists in pages, objects, versions.
 */
record GoodApi(Store store) {
  private static final Map<Integer, String> REASONS =
      Map.of(
          401, "Unauthorized",
          403, "Forbidden",
          404, "NotFound",
          409, "Conflict",
          410, "Expired",
          429, "TooManyRequests");

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern OBJECT =
      Pattern.compile(
          "(/api/v1|/apis/[^/]+/[^/]+)(?:/namespaces/([^/]+)(?=/))?/([^/]+)(?:/([^/]+))?");

  static @Nullable Place place(String path) {
    Matcher found = OBJECT.matcher(path);
    return found.matches()
        ? new Place(
            found.group(1), orEmpty(found.group(2)), found.group(3), orEmpty(found.group(4)))
        : null;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** A Status where it is an error. */
  ObjectNode answer(Exchange to) {
    Place place = place(to.path());
    if (to.path().equals("/version")) {
      return JSON.createObjectNode().put("major", "1").put("minor", "34");
    }
    if (place == null) {
      return JSON.createObjectNode().put("kind", "Status").put("code", 200);
    }
    return switch (to.method()) {
      case "GET" -> place.name().isEmpty() ? list(to, place) : got(place, store.get(place));
      case "POST" -> created(place, (ObjectNode) JSON.readTree(to.body()));
      case "PUT" -> replaced(place, (ObjectNode) JSON.readTree(to.body()));
      case "PATCH" -> patched(place, (ObjectNode) JSON.readTree(to.body()));
      case "DELETE" -> got(place, store.remove(place));
      default -> status(405, to.method());
    };
  }

  private ObjectNode list(Exchange to, Place place) {
    List<ObjectNode> all =
        store.list(place).stream()
            .filter(o -> labelled(o, to.query().get("labelSelector")))
            .toList();
    int from = Integer.parseInt(to.query().getOrDefault("continue", "0"));
    int limit = Integer.parseInt(to.query().getOrDefault("limit", "0"));
    int until = limit == 0 ? all.size() : Math.min(all.size(), from + limit);
    ObjectNode list = JSON.createObjectNode().put("kind", "List").put("apiVersion", "v1");
    ObjectNode metadata = list.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(store.version()));
    if (until < all.size()) {
      metadata.put("continue", Integer.toString(until));
    }
    ArrayNode items = list.putArray("items");
    all.subList(from, until).forEach(items::add);
    return list;
  }

  private static boolean labelled(ObjectNode object, @Nullable String selector) {
    if (selector == null || selector.isEmpty()) {
      return true;
    }
    for (String each : selector.split(",", -1)) {
      String[] pair = each.split("==?", 2);
      var label = object.path("metadata").path("labels").path(pair[0]);
      if (label.isMissingNode() || (pair.length == 2 && !label.asString("").equals(pair[1]))) {
        return false;
      }
    }
    return true;
  }

  private static ObjectNode got(Place place, @Nullable ObjectNode object) {
    return object == null
        ? status(404, place.plural() + " " + place.name() + " not found")
        : object;
  }

  private ObjectNode created(Place place, ObjectNode object) {
    if (place.plural().equals("selfsubjectaccessreviews")) {
      object.putObject("status").put("allowed", true);
      return object;
    }
    Place named =
        new Place(
            place.group(),
            place.namespace(),
            place.plural(),
            object.path("metadata").path("name").asString(""));
    if (store.get(named) != null) {
      return status(409, named.name() + " already exists");
    }
    object.withObject("/metadata").put("uid", "uid-" + named.name());
    return store.put(named, object);
  }

  private ObjectNode replaced(Place place, ObjectNode object) {
    ObjectNode there = store.get(place);
    String version = object.path("metadata").path("resourceVersion").asString("");
    if (there != null
        && !version.isEmpty()
        && !there.path("metadata").path("resourceVersion").asString("").equals(version)) {
      return status(409, place.name() + " has been modified");
    }
    return store.put(place, object);
  }

  private ObjectNode patched(Place place, ObjectNode patch) {
    ObjectNode there = store.get(place);
    return there == null ? got(place, null) : store.put(place, merged(there.deepCopy(), patch));
  }

  static ObjectNode status(int code, String message) {
    return JSON.createObjectNode()
        .put("kind", "Status")
        .put("apiVersion", "v1")
        .put("status", code < 300 ? "Success" : "Failure")
        .put("message", message)
        .put("reason", REASONS.getOrDefault(code, "Unknown"))
        .put("code", code);
  }

  /** As RFC 7386 says, without the removal of fields. */
  private static ObjectNode merged(ObjectNode into, ObjectNode patch) {
    patch
        .properties()
        .forEach(field -> {
          JsonNode there = into.path(field.getKey());
          if (there instanceof ObjectNode inner && field.getValue() instanceof ObjectNode more) {
            merged(inner, more);
          } else {
            into.set(field.getKey(), field.getValue());
          }
        });
    return into;
  }
}
