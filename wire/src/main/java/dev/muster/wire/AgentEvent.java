package dev.muster.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an agent tells, a line each. {@code why} is in words for the user; {@code evidence} is what
 * was seen, by name.
 */
public sealed interface AgentEvent {
  /** The name of the event in its line, such as {@code not-verified}. */
  default String word() {
    return Union.EVENTS.word(this);
  }

  /** Its components by name, as texts. */
  default Map<String, String> detail() {
    return Collections.unmodifiableMap(WireJson.texts(this));
  }

  /**
   * The undo runs on the node.
   *
   * @param undoes the lines of the undo
   * @param process of the undo
   */
  record Armed(String undoes, @Flattened Map<String, String> process) implements AgentEvent {}

  /**
   * A node that is cut off cannot announce it later.
   *
   * @param inMillis it will be injected so soon
   */
  record Injecting(long inMillis) implements AgentEvent {}

  record Injected() implements AgentEvent {}

  record Verified(@Flattened Map<String, String> evidence) implements AgentEvent {}

  record NotVerified(String why) implements AgentEvent {}

  /** The effect is still there. */
  record Held(@Flattened Map<String, String> evidence) implements AgentEvent {}

  /**
   * The effect was over before its time.
   *
   * @param seenMillis it was last seen so long after the injection
   */
  record Lost(String why, long seenMillis) implements AgentEvent {}

  /**
   * @param why {@link #TOLD} or {@link #OVER}
   * @param afterMillis since the injection
   */
  record Reverting(String why, long afterMillis) implements AgentEvent {
    /** The pod is being deleted, or its node shuts down. */
    public static final String TOLD = "told to";

    public static final String OVER = "duration is over";
  }

  record Reverted() implements AgentEvent {}

  record NotReverted(String why) implements AgentEvent {}

  /** Nothing was done. */
  record Refused(String why) implements AgentEvent {}

  /**
   * @param abilities cgroup, iptables, netem, stress-ng
   */
  record Node(@Flattened Map<String, String> abilities) implements AgentEvent {}

  /**
   * Something of a fault is on the node.
   *
   * @param what folder, chain, cgroup, process or qdisc
   */
  record Residue(String what, String name) implements AgentEvent {}

  record NotCleaned(String why) implements AgentEvent {}

  /** All residue was told. */
  record Audited() implements AgentEvent {}

  /**
   * One look of a probe.
   *
   * @param why it failed; empty where it is ok
   */
  record Probe(boolean ok, long millis, String why) implements AgentEvent {}

  record Listening(int port) implements AgentEvent {}

  /**
   * Alertmanager has posted a notification.
   *
   * @param status firing or resolved, of the group
   */
  record Notified(String receiver, String status, List<Alert> alerts) implements AgentEvent {}

  /** Times as Alertmanager writes them; empty is what it did not tell. */
  record Alert(
      String status,
      String name,
      Map<String, String> labels,
      String startsAt,
      String endsAt,
      String fingerprint) {}

  /** Nothing was written into the run's namespace for so long: it is being deleted. */
  record Reaping(long silentSeconds) implements AgentEvent {}

  record NotReached(String why) implements AgentEvent {}

  /** Of an agent of another version; never told. */
  record Unknown(String word, Map<String, String> detail) implements AgentEvent {
    public Unknown {
      detail = Collections.unmodifiableMap(new LinkedHashMap<>(detail));
    }
  }
}
