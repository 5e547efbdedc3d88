package dev.muster.source;

/**
 * One thing wrong with a drill file.
 *
 * @param line from 1; 0 where the file could not be read at all
 * @param column from 1; 0 where the file could not be read at all
 * @param message what is wrong and what would be right, on one line; what is longer is cut off
 */
public record Problem(String file, int line, int column, String message) {
  private static final int LONGEST = 600;

  public Problem {
    message = message.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
    message = message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…";
  }

  @Override
  public String toString() {
    return line == 0 ? file + ": " + message : file + ":" + line + ":" + column + ": " + message;
  }
}
