package dev.muster.drill.field;

import java.util.Arrays;
import java.util.List;

/** What each record of a sealed interface says of itself to a drill file, in a constant. */
public final class Rooms {
  private Rooms() {}

  /**
   * In the order in which the interface permits its records.
   *
   * @param constant public in each of them
   * @throws IllegalStateException if one of them has none
   */
  public static <R> List<R> of(Class<?> permitting, String constant, Class<R> type) {
    return Arrays.stream(permitting.getPermittedSubclasses())
        .map(each -> type.cast(said(each, constant)))
        .toList();
  }

  private static Object said(Class<?> record, String constant) {
    try {
      return record.getField(constant).get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(record.getSimpleName() + " has no public " + constant, e);
    }
  }
}
