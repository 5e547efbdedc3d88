package dev.muster.lab.build;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a cache does not have for a lab.
 *
 * @param sets of Go programs to be compiled, those for images that are lacking too
 * @param images by name
 * @param tools with which all that can be made
 */
public record Lacking(List<String> sets, List<String> images, Set<Tool> tools) {
  /** Nothing is there, as far as one knows. */
  public static final Lacking ALL = new Lacking(List.of(), List.of(), EnumSet.allOf(Tool.class));

  /** Nothing is to be made. */
  public static final Lacking NOTHING =
      new Lacking(List.of(), List.of(), EnumSet.noneOf(Tool.class));

  /** What makes components and images, and is needed for nothing else. */
  public enum Tool {
    GO,
    JLINK,
    PIP,
    MMDEBSTRAP,
    BUSYBOX
  }

  public Lacking {
    tools = Collections.unmodifiableSet(tools);
  }

  /**
   * What a cache lacks for a lab.
   *
   * @param version full; null where the user's own Kubernetes runs
   * @param monitoring with what charts/monitoring runs
   * @param charts with what installs them
   */
  public static Lacking of(
      Components components,
      Images images,
      @Nullable String version,
      boolean monitoring,
      boolean charts) {
    return sum(components.lacking(components.needed(version, charts)), images.lacking(monitoring));
  }

  private static Lacking sum(List<String> sets, Lacking images) {
    Set<Tool> tools = EnumSet.noneOf(Tool.class);
    tools.addAll(images.tools());
    List<String> all = Stream.concat(sets.stream(), images.sets().stream()).distinct().toList();
    if (!all.isEmpty()) {
      tools.add(Tool.GO);
    }
    return new Lacking(all, images.images(), tools);
  }

  public boolean nothing() {
    return sets.isEmpty() && images.isEmpty();
  }

  /** In words: kubernetes 1.37.2, helm, image muster.dev/pause:1. */
  @Override
  public String toString() {
    List<String> names = new ArrayList<>();
    sets.forEach(set -> names.add(Recipe.isKubernetes(set) ? "kubernetes " + set : set));
    images.forEach(image -> names.add("image " + image));
    return String.join(", ", names);
  }
}
