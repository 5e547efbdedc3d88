package dev.muster.verdict.finding;

/**
 * What it takes to say a {@link Sentence} to a reader. Implementations are immutable and can be
 * used by several threads.
 */
public interface Language {

  /** In which sentences are written. */
  Language ENGLISH =
      new Language() {
        @Override
        public String template(String english) {
          return english;
        }

        @Override
        public String word(String kind, String name) {
          return name;
        }
      };

  /**
   * The template, or what stands between the parts of a list, in this language; the English one
   * where it is not known here. May use the arguments in another order ({@code %2$s}).
   */
  String template(String english);

  /**
   * The word for a name of the data.
   *
   * @param kind as in the report's words: check, phase, milestone, outcome
   */
  String word(String kind, String name);
}
