package dev.muster.drill.expect;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * Who judges what a drill expects: each is a line in {@code
 * META-INF/services/dev.muster.drill.expect.Judge}, in the order in which a report shows them. By a
 * service, since a drill is read without knowledge of its verdict.
 */
public interface Judge {

  /** What a drill's {@code expect} can ask of it; empty for who judges unasked. */
  default List<Expectation<?>> expects() {
    return List.of();
  }

  /** One of each. */
  static Stream<Judge> all() {
    return ServiceLoader.load(Judge.class, Judge.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get);
  }
}
