package dev.muster.drill;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How many of the selected become victims, in Chaos Mesh's words.
 *
 * @param value a count or a percentage, 0 where the word takes none
 */
public record Mode(Word word, int value) {
  public static final Mode ONE = new Mode(Word.ONE, 0);
  public static final Mode ALL = new Mode(Word.ALL, 0);

  public enum Word {
    ONE("one"),
    ALL("all"),
    FIXED("fixed"),
    FIXED_PERCENT("fixed-percent"),
    RANDOM_MAX_PERCENT("random-max-percent");

    public final String text;

    Word(String text) {
      this.text = text;
    }

    public boolean takesValue() {
      return this != ONE && this != ALL;
    }

    public static Word of(String text) {
      for (Word word : values()) {
        if (word.text.equals(text)) {
          return word;
        }
      }
      throw new IllegalArgumentException("no mode " + text);
    }
  }

  /**
   * The chosen ones, by chance, none twice; the same random source gives the same choice. A
   * percentage is rounded down, as Chaos Mesh does, but never to nobody.
   */
  public <T> List<T> choose(List<T> candidates, RandomGenerator random) {
    int all = candidates.size();
    int count =
        switch (word) {
          case ONE -> Math.min(1, all);
          case ALL -> all;
          case FIXED -> Math.min(value, all);
          case FIXED_PERCENT -> share(all, value);
          case RANDOM_MAX_PERCENT -> all == 0 ? 0 : share(all, random.nextInt(value + 1));
        };
    List<T> shuffled = new ArrayList<>(candidates);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      Collections.swap(shuffled, i, random.nextInt(i + 1));
    }
    return List.copyOf(shuffled.subList(0, count));
  }

  private static int share(int all, int percent) {
    return all == 0 ? 0 : Math.max(1, all * percent / 100);
  }
}
