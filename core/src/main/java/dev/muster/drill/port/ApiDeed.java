package dev.muster.drill.port;

import java.util.Map;

/** A disturbance that is made through the API server, and taken back in the same way. */
public interface ApiDeed extends ApiUndo {

  /** What it makes, for the journal: enough for another process to remove it. */
  Map<String, String> identity();

  /**
   * @throws RuntimeException if the cluster refuses
   */
  void apply();
}
