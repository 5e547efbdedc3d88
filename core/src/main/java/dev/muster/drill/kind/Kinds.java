package dev.muster.drill.kind;

import dev.muster.drill.field.Rooms;
import dev.muster.drill.kind.FaultKind.Trait;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All kinds of faults, by the words of a drill file. */
public final class Kinds {
  private static final Map<String, Kind> ALL = new LinkedHashMap<>();
  private static final Map<String, Set<Trait>> TRAITS = new LinkedHashMap<>();

  static {
    Rooms.of(FaultKind.class, "KIND", Kind.class)
        .forEach(kind -> {
          ALL.put(kind.word(), kind);
          TRAITS.put(kind.word(), kind.plain("node").traits());
        });
  }

  private Kinds() {}

  /** In the order of {@link FaultKind}. */
  public static List<Kind> all() {
    return List.copyOf(ALL.values());
  }

  public static Optional<Kind> named(String word) {
    return Optional.ofNullable(ALL.get(word));
  }

  /**
   * Whether faults of this kind are so as long as they say nothing else: of one of whom only the
   * word is known. False of a kind that nobody knows.
   */
  public static boolean is(String word, Trait trait) {
    return TRAITS.getOrDefault(word, Set.of()).contains(trait);
  }
}
