package dev.muster.deepseek.group;

import dev.muster.deepseek.wire.Env;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A pod's place in its group. The leader has rank 0, and its pod may have any name; the name of a
 * follower's pod ends in the ordinal that its StatefulSet gave it, which is its rank but for the
 * leader.
 *
 * @param size pods of the group; 1 where the model fits into one
 * @param leader host and port where a follower finds its leader; empty for the leader itself
 * @param port on which the leader waits for its followers; 0 for any free one
 * @param timeout so long a rank may be silent in a step before it counts as lost
 */
public record GroupConfig(int size, int rank, String leader, int port, Duration timeout) {
  private static final Pattern ORDINAL = Pattern.compile(".*-(\\d{1,4})");
  private static final int MOST = 1_024;

  /**
   * Reads {@code GROUP_SIZE}, {@code GROUP_LEADER}, {@code GROUP_RANK}, {@code GROUP_PORT} and
   * {@code GROUP_TIMEOUT}. Mistakes are noted there.
   *
   * @param pod gives the rank of a follower, where none is set
   */
  public static GroupConfig from(Env env, String pod) {
    var size = env.integer("GROUP_SIZE", 1, 1, MOST);
    var leader = env.text("GROUP_LEADER", "");
    var rank = env.integer("GROUP_RANK", leader.isEmpty() ? 0 : 1 + ordinal(pod), 0, MOST - 1);
    if (rank >= size) {
      env.problem(
          "GROUP_RANK=%d: expected less than GROUP_SIZE=%d; without it a follower's is 1 and the number at the end of POD_NAME=%s"
              .formatted(rank, size, pod));
    }
    if (leader.isEmpty() == (rank > 0)) {
      env.problem("GROUP_LEADER=%s: expected for every rank but 0".formatted(leader));
    }
    if (!leader.isEmpty() && !leader.matches("[^:]+:\\d{1,5}")) {
      env.problem("GROUP_LEADER=%s: expected host:port".formatted(leader));
    }
    return new GroupConfig(
        size,
        rank,
        leader,
        env.integer("GROUP_PORT", 8001, 0, 65_535),
        env.duration("GROUP_TIMEOUT", "2s"));
  }

  private static int ordinal(String pod) {
    var matcher = ORDINAL.matcher(pod);
    return matcher.matches() ? Integer.parseInt(String.valueOf(matcher.group(1))) : 0;
  }

  public boolean follows() {
    return rank > 0;
  }

  /** Between two signs of life of a group that has nothing to do. */
  Duration beat() {
    return timeout.dividedBy(8);
  }
}
