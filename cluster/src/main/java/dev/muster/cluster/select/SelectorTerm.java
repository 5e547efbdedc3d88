package dev.muster.cluster.select;

import dev.muster.source.NearestName;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One word of a selector.
 *
 * @param pointer its place in the file
 * @param text as a reader knows it
 * @param instead what was probably meant, or what there is; asked only where nothing holds
 */
record SelectorTerm<T>(String pointer, String text, Predicate<T> holds, Supplier<String> instead) {

  /**
   * Those for which all words hold.
   *
   * @param of what is chosen among, like "node"
   * @throws TargetException at the first word that holds for none, or at the whole selector if only
   *     all of them together do
   */
  static <T> List<T> narrow(List<T> all, List<SelectorTerm<T>> words, String of, String pointer) {
    for (SelectorTerm<T> term : words) {
      if (all.stream().noneMatch(term.holds())) {
        throw new TargetException(
            term.pointer(), term.text() + " matches no " + of + "; " + term.instead().get());
      }
    }
    List<T> left =
        all.stream().filter(t -> words.stream().allMatch(w -> w.holds().test(t))).toList();
    if (left.isEmpty()) {
      throw new TargetException(
          pointer,
          "each word matches some %s, but none is all of: %s"
              .formatted(
                  of, words.stream().map(SelectorTerm::text).collect(Collectors.joining("; "))));
    }
    return left;
  }

  /** The nearest of what there is to the first thing written that is not among it, or all of it. */
  static String instead(Collection<String> written, Collection<String> there, String all) {
    var known = new TreeSet<>(there);
    return written.stream()
        .filter(w -> !known.contains(w))
        .flatMap(w -> NearestName.to(w, known).stream())
        .findFirst()
        .map(n -> "did you mean " + n + "?")
        .orElse(known.isEmpty() ? "there is none" : all + " " + known);
  }

  /** A step of a JSON pointer. */
  static String step(String name) {
    return "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
