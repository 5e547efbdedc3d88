package dev.muster.timeline;

import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/** Writes each {@link ObjectRef} as one string. */
final class ObjectRefJson {
  private ObjectRefJson() {}

  static SimpleModule module() {
    return new SimpleModule()
        .addSerializer(ObjectRef.class, new Writer(false))
        .addKeySerializer(ObjectRef.Pod.class, new Writer(true))
        .addKeyDeserializer(ObjectRef.Pod.class, new KeyReader())
        .addDeserializer(ObjectRef.class, new Reader<>(ObjectRef.class, ObjectRef::parse))
        .addDeserializer(
            ObjectRef.Victim.class, new Reader<>(ObjectRef.Victim.class, ObjectRef.Victim::parse))
        .addDeserializer(
            ObjectRef.Node.class, new Reader<>(ObjectRef.Node.class, ObjectRef.Node::parse))
        .addDeserializer(
            ObjectRef.Pod.class, new Reader<>(ObjectRef.Pod.class, ObjectRef.Pod::parse));
  }

  private static final class Writer extends ValueSerializer<ObjectRef> {
    private final boolean key;

    Writer(boolean key) {
      this.key = key;
    }

    @Override
    public void serialize(ObjectRef object, JsonGenerator json, SerializationContext context) {
      if (key) {
        json.writeName(object.text());
      } else {
        json.writeString(object.text());
      }
    }
  }

  private static final class Reader<T extends ObjectRef> extends StdScalarDeserializer<T> {
    private final Function<String, T> parse;

    Reader(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) {
      var text = json.getValueAsString();
      try {
        return parse.apply(text == null ? "" : text);
      } catch (IllegalArgumentException e) {
        throw context.weirdStringException(text, handledType(), e.getMessage());
      }
    }
  }

  private static final class KeyReader extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return ObjectRef.Pod.parse(key);
    }
  }
}
