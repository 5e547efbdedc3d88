package dev.muster.source;

/**
 * One thing wrong with a drill file.
 *
 * @param line from 1; 0 where the file could not be read at all
 * @param column from 1; 0 where the file could not be read at all
 * @param message what is wrong and what would be right
 */
public record Problem(String file, int line, int column, String message) {

  @Override
  public String toString() {
    return line == 0 ? file + ": " + message : file + ":" + line + ":" + column + ": " + message;
  }
}
