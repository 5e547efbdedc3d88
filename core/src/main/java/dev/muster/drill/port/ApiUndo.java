package dev.muster.drill.port;

/** What takes back a disturbance that was made through the API server. */
public interface ApiUndo {

  /** Takes back; does no harm where nothing was applied. */
  void undo();

  /** Whether nothing of it is left. */
  boolean undone();
}
