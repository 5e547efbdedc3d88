package dev.muster.drill.port;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pods that send a load in the cluster. */
public interface LoadCrew {

  /**
   * A pod of it, as the cluster tells.
   *
   * @param part of the schedule, from 0
   * @param node empty where it has none yet
   * @param trouble that does not heal, or how it ended; empty for none
   * @param state in words
   * @param running whether it can be asked
   */
  record Member(
      int part,
      String pod,
      String uid,
      String node,
      String trouble,
      String state,
      boolean running) {}

  /**
   * Creates them. Each finds the files in a folder of its own.
   *
   * @param files by their names; may be secret
   * @param never nodes on which none may stand
   * @throws RuntimeException if the cluster refuses
   */
  void start(int pods, Map<String, String> files, List<String> never);

  /** All that there are; empty where the cluster cannot be asked. */
  Optional<List<Member>> members();

  /**
   * Asks one pod.
   *
   * @param query what stands behind the question mark
   * @throws IOException if no answer came in time, or another than 200
   */
  String ask(String pod, String query) throws IOException, InterruptedException;
}
