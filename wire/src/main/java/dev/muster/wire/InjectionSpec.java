package dev.muster.wire;

import java.time.Duration;
import java.util.List;

/**
 * One fault on a node, as its agent is told it: the one argument of {@code inject}, in JSON.
 *
 * @param fault id, unique in the run
 * @param id of the fault, in names of chains and cgroups
 * @param duration undone so long after the injection
 * @param ttl undone so long after the undo is armed, whatever happens
 */
public record InjectionSpec(
    String run, String fault, String id, Duration duration, Duration ttl, DeedSpec deed) {

  /** Its name among the agent's arguments. */
  public static final String ARGUMENT = "spec";

  /** What the agent is started with. */
  public List<String> arguments() {
    return List.of(
        "inject", ARGUMENT + "=" + WireJson.write(json -> WireJson.components(json, this)));
  }

  /**
   * Takes nothing for something else: what is missing, and what this version does not know, is
   * refused.
   *
   * @throws IllegalArgumentException with a reason for the user
   */
  public static InjectionSpec of(String json) {
    try {
      return WireJson.read(InjectionSpec.class, WireJson.object(json), true);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage() + ": Muster and the agent's image are of different versions", e);
    }
  }
}
