package dev.muster.timeline.file;

/**
 * A run's record could not be written or read. While a run goes on this means: abort and undo,
 * because what is done from here on would not be on disk.
 */
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JournalException(String message) {
    super(message);
  }

  public JournalException(String message, Throwable cause) {
    super(message, cause);
  }
}
