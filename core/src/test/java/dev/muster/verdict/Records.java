package dev.muster.verdict;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies of records with another value in one component. */
public final class Records {
  private static final Map<Class<?>, Shape> SHAPES = new HashMap<>();

  private record Shape(List<Method> components, Constructor<?> constructor) {
    static Shape of(Class<?> type) {
      var components = new ArrayList<Method>();
      var types = new ArrayList<Class<?>>();
      for (var component : type.getRecordComponents()) {
        component.getAccessor().setAccessible(true);
        components.add(component.getAccessor());
        types.add(component.getType());
      }
      try {
        var constructor = type.getDeclaredConstructor(types.toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return new Shape(components, constructor);
      } catch (NoSuchMethodException e) {
        throw new AssertionError(e);
      }
    }
  }

  private Records() {}

  /** The same where the record has no component of that name. */
  @SuppressWarnings("unchecked")
  public // of the same class
  static <R> R with(R record, String component, @Nullable Object value) {
    var shape = SHAPES.computeIfAbsent(record.getClass(), Shape::of);
    try {
      var values = new @Nullable Object[shape.components.size()];
      Arrays.setAll(values, i -> get(shape.components.get(i), record));
      for (int i = 0; i < values.length; i++) {
        if (shape.components.get(i).getName().equals(component)) {
          values[i] = value;
        }
      }
      return (R) shape.constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable Object get(Method component, Object record) {
    try {
      return component.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(String.valueOf(e.getMessage()), e);
    }
  }
}
