package dev.muster.drill;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A condition under which a drill is ended early; it must have held for {@code lasting}. */
public sealed interface AbortRule {
  Duration lasting();

  /** Share of requests that ended badly, compared with Litmus's words. */
  record ErrorRatio(String criteria, double value, Duration lasting) implements AbortRule {}

  /** A URL that does not answer with a status below 400. */
  record Http(URI url, Duration lasting) implements AbortRule {}

  /**
   * A program, as a list of words and never through a shell, that ends with another code than 0.
   */
  record Command(List<String> words, Duration lasting) implements AbortRule {}
}
