package dev.muster.wire;

import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Records as JSON objects and back, by the names of their components. By streams alone: a library
 * that binds by itself is twenty times as large, and the agent runs in a starving node.
 */
final class WireJson {
  private static final JsonFactory JSON = new JsonFactory();

  private WireJson() {}

  /** An object on one line. */
  static String write(Consumer<JsonGenerator> inside) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      inside.accept(json);
      json.writeEndObject();
    }
    return text.toString();
  }

  static void components(JsonGenerator json, Record of) {
    for (RecordComponent each : of.getClass().getRecordComponents()) {
      if (value(of, each) instanceof Map<?, ?> map && each.isAnnotationPresent(Flattened.class)) {
        entries(json, map);
      } else {
        json.writeName(each.getName());
        write(json, value(of, each));
      }
    }
  }

  private static void entries(JsonGenerator json, Map<?, ?> map) {
    map.forEach((name, value) -> {
      json.writeName(String.valueOf(name));
      write(json, value);
    });
  }

  private static void write(JsonGenerator json, @Nullable Object value) {
    switch (value) {
      case List<?> list -> {
        json.writeStartArray();
        list.forEach(each -> write(json, each));
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        entries(json, map);
        json.writeEndObject();
      }
      case Record inner -> {
        json.writeStartObject();
        if (inner instanceof DeedSpec deed) {
          json.writeStringProperty(Union.DEEDS.property(), deed.kind());
        }
        components(json, inner);
        json.writeEndObject();
      }
      case Long number -> json.writeNumber(number);
      case Integer number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case Boolean yes -> json.writeBoolean(yes);
      case null, default -> json.writeString(String.valueOf(value));
    }
  }

  /** What a line says beside the event's name: its components as texts. */
  static Map<String, String> texts(AgentEvent event) {
    Map<String, String> texts = new LinkedHashMap<>();
    Record of = (Record) event;
    for (RecordComponent each : of.getClass().getRecordComponents()) {
      if (value(of, each) instanceof Map<?, ?> map && each.isAnnotationPresent(Flattened.class)) {
        map.forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
      } else {
        texts.put(each.getName(), String.valueOf(value(of, each)));
      }
    }
    return texts;
  }

  private static @Nullable Object value(Record of, RecordComponent component) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Maps, lists and texts; a property that is null is not there.
   *
   * @throws IllegalArgumentException if it is no JSON object
   */
  static Map<String, Object> object(String text) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("'" + text + "' is no JSON object");
      }
      Map<String, Object> object = entries(json);
      if (json.nextToken() != null) {
        throw new IllegalArgumentException("'" + text + "' is more than a JSON object");
      }
      return object;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("'" + text + "' is no JSON object", e);
    }
  }

  private static Map<String, Object> entries(JsonParser json) {
    Map<String, Object> entries = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_NULL) {
        entries.put(name, value(json));
      }
    }
    return entries;
  }

  private static Object value(JsonParser json) {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      return entries(json);
    }
    if (json.currentToken() != JsonToken.START_ARRAY) {
      return json.getString();
    }
    List<Object> list = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(json));
    }
    return list;
  }

  /**
   * @param strict refuses what is missing and what is too much; else the one is empty, and the
   *     other passed over
   * @throws IllegalArgumentException also for a value of another type
   */
  static <T extends Record> T read(Class<T> type, Map<String, Object> values, boolean strict) {
    Map<String, Object> rest = new LinkedHashMap<>(values);
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    int last = -1;
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      String name = components[i].getName();
      if (components[i].isAnnotationPresent(Flattened.class)) {
        last = i;
      } else if (strict && !rest.containsKey(name)) {
        throw new IllegalArgumentException(type.getSimpleName() + " lacks " + name);
      } else {
        arguments[i] = value(components[i].getGenericType(), rest.remove(name), name, strict);
      }
    }
    if (last >= 0) {
      arguments[last] = value(components[last].getGenericType(), rest, "", strict);
    } else if (strict && !rest.isEmpty()) {
      throw new IllegalArgumentException(
          type.getSimpleName() + " has no " + rest.keySet().iterator().next());
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(type.getSimpleName() + ": " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Null is what is not there. */
  private static Object value(Type type, @Nullable Object value, String name, boolean strict) {
    if (type instanceof ParameterizedType generic) {
      Type of = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == Map.class) {
        Map<String, Object> map = new LinkedHashMap<>();
        object(value, name).forEach((key, each) -> map.put(key, value(of, each, key, strict)));
        return map;
      }
      return list(value, name).stream().map(each -> value(of, each, name, strict)).toList();
    }
    if (type instanceof Class<?> record && record.isRecord()) {
      return read(record.asSubclass(Record.class), object(value, name), strict);
    }
    if (type == DeedSpec.class) {
      return Union.DEEDS.read(object(value, name), strict);
    }
    return scalar((Class<?>) type, value, name);
  }

  private static Object scalar(Class<?> type, @Nullable Object value, String name) {
    if (value instanceof Map || value instanceof List) {
      throw new IllegalArgumentException(name + " has parts: " + value);
    }
    String text = value == null ? none(type) : String.valueOf(value);
    try {
      return switch (type.getSimpleName()) {
        case "long" -> Long.parseLong(text);
        case "int" -> Integer.parseInt(text);
        case "double" -> Double.parseDouble(text);
        case "boolean" -> Boolean.parseBoolean(text);
        case "Duration" -> Duration.parse(text);
        case "Direction" -> DeedSpec.Direction.valueOf(text);
        default -> text;
      };
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IllegalArgumentException(name + " can not be '" + text + "'", e);
    }
  }

  private static String none(Class<?> type) {
    return type == String.class ? "" : "0";
  }

  @SuppressWarnings("unchecked") // made by entries
  private static Map<String, Object> object(@Nullable Object value, String name) {
    if (value == null) {
      return Map.of();
    }
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new IllegalArgumentException(name + " is no object: " + value);
  }

  private static List<?> list(@Nullable Object value, String name) {
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException(name + " is no list: " + value);
  }
}
