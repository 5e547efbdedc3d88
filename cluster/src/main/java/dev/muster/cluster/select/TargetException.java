package dev.muster.cluster.select;

/** The drill names something that does not fit this cluster. */
public final class TargetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String pointer;

  /**
   * @param pointer the place in the drill file, a JSON pointer
   */
  public TargetException(String pointer, String message) {
    super(message);
    this.pointer = pointer;
  }

  public String pointer() {
    return pointer;
  }
}
