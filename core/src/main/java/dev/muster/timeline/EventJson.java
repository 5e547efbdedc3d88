package dev.muster.timeline;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events and ledger rows as JSON. Instants are ISO-8601 with nanoseconds, durations ISO-8601. A
 * field that this version does not know is passed over: a later Muster may have added it.
 */
public final class EventJson {
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(ObjectRefJson.module())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final Map<String, Class<?>> TYPES =
      Arrays.stream(Event.class.getPermittedSubclasses())
          .collect(Collectors.toMap(Class::getSimpleName, type -> type));

  private EventJson() {}

  public static String write(Event event) {
    var line = MAPPER.createObjectNode().put("type", event.getClass().getSimpleName());
    MAPPER
        .valueToTree(event)
        .properties()
        .forEach(field -> line.set(field.getKey(), field.getValue()));
    return line.toString();
  }

  /**
   * Null where the type is unknown to this version.
   *
   * @throws JacksonException if it is no event
   */
  public static @Nullable Event read(JsonNode line) {
    var type = TYPES.get(type(line));
    if (type == null) {
      return null;
    }
    if (!line.at("/stamp/at").isString()) {
      throw new LackingException("no time is given");
    }
    return (Event) MAPPER.treeToValue(line, type);
  }

  /**
   * For whoever judges what is said: a record that lacks what it must say would break him far from
   * here. Whoever undoes a fault takes what there is.
   *
   * @throws JacksonException if something lacks
   */
  public static void whole(@Nullable Object read) {
    if (read instanceof Record part) {
      for (var component : part.getClass().getRecordComponents()) {
        var value = value(component, part);
        if (value == null && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
          throw new LackingException("no " + component.getName() + " is given");
        }
        whole(value);
      }
    } else if (read instanceof Collection<?> all) {
      all.forEach(EventJson::entry);
    } else if (read instanceof Map<?, ?> all) {
      all.values().forEach(EventJson::entry);
    }
  }

  private static void entry(@Nullable Object value) {
    if (value == null) {
      throw new LackingException("an entry is empty");
    }
    whole(value);
  }

  private static @Nullable Object value(RecordComponent component, Record of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component.getName() + " can not be read", e);
    }
  }

  public static String type(JsonNode line) {
    return line.path("type").asString("");
  }

  public static String write(Request row) {
    return MAPPER.writeValueAsString(row);
  }

  public static Request readRequest(String line) {
    var row = MAPPER.readValue(line, Request.class);
    if (row == null || lacks(row.id(), row.intended(), row.pods(), row.outcome())) {
      throw new LackingException("no id, time, pods or outcome is given");
    }
    return row;
  }

  private static boolean lacks(@Nullable Object... needed) {
    return Arrays.asList(needed).contains(null);
  }

  public static boolean isJson(String line) {
    try {
      return MAPPER.readTree(line).isObject();
    } catch (JacksonException e) {
      return false;
    }
  }

  private static final class LackingException extends JacksonException {
    private static final long serialVersionUID = 1L;

    LackingException(String what) {
      super(what);
    }
  }
}
