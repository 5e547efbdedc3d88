package dev.muster.policy;

import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;

/**
 * What one node's kernel is to hold: sets of addresses and the chains that ask them.
 *
 * @param sets by name
 * @param chains by name, the rules of each without {@code -A CHAIN}
 */
record RuleSet(SortedMap<String, AddressSet> sets, SortedMap<String, List<String>> chains) {
  /** Begins every name in the kernel; nothing else there is ever touched. */
  static final String PREFIX = "MUSTER-NP-";

  /** The chain that every forwarded packet passes. */
  static final String ENTRY = PREFIX + "FORWARD";

  /**
   * A table of its own order: its FORWARD comes before the filter table's, where kube-proxy accepts
   * early and puts its jumps first whenever it starts.
   */
  static final String TABLE = "mangle";

  static final String JUMP = "FORWARD -j " + ENTRY;

  private static final String FRESH = "-t";

  /** Members in the words of ipset, with their options. */
  record AddressSet(String type, NavigableSet<String> members) {}

  /**
   * Input of {@code ipset restore -exist}: each set is filled aside and then swapped in, so that no
   * packet meets it half full.
   */
  String forIpset() {
    StringBuilder text = new StringBuilder();
    sets.forEach((name, set) -> {
      String fresh = name + FRESH;
      text.append("create %s %s family inet\n".formatted(name, set.type()));
      text.append("create %s %s family inet\n".formatted(fresh, set.type()));
      text.append("flush %s\n".formatted(fresh));
      set.members().forEach(m -> text.append("add %s %s\n".formatted(fresh, m)));
      text.append("swap %s %s\n".formatted(name, fresh));
      text.append("destroy %s\n".formatted(fresh));
    });
    return text.toString();
  }

  /**
   * Input of {@code iptables-restore --noflush}, which takes effect at once or not at all.
   *
   * @param present names of all chains that are there and begin with {@link #PREFIX}
   * @param hooked whether FORWARD jumps to {@link #ENTRY} already
   */
  String forIptables(Set<String> present, boolean hooked) {
    List<String> old = present.stream().filter(c -> !chains.containsKey(c)).sorted().toList();
    StringBuilder text = new StringBuilder("*" + TABLE + "\n");
    // naming a chain empties it
    chains.keySet().forEach(c -> text.append(":%s - [0:0]\n".formatted(c)));
    old.forEach(c -> text.append(":%s - [0:0]\n".formatted(c)));
    chains.forEach((c, rules) -> rules.forEach(r -> text.append("-A %s %s\n".formatted(c, r))));
    old.forEach(c -> text.append("-X %s\n".formatted(c)));
    if (!hooked) {
      text.append("-I ").append(JUMP).append('\n');
    }
    return text.append("COMMIT\n").toString();
  }
}
