package dev.muster.drill.expect;

import java.util.List;

/** All that a drill can expect. */
public final class Expectations {
  private static final List<Expectation<?>> ALL =
      Judge.all().<Expectation<?>>flatMap(judge -> judge.expects().stream()).toList();

  private Expectations() {}

  /** In the order of the judges. */
  public static List<Expectation<?>> all() {
    return ALL;
  }
}
