package dev.muster.agent.node;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The node's interfaces, as {@code ip} tells. */
public final class Interfaces {
  private Interfaces() {}

  /**
   * Those that lead out of the node: that of its address and that of the default route.
   *
   * @throws FaultException if there is none
   */
  public static List<String> outward(String address) {
    Set<String> found = new LinkedHashSet<>();
    for (String line : Programs.run(List.of("ip", "-o", "addr")).lines().toList()) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length > 3 && words[3].startsWith(address + "/")) {
        found.add(words[1]);
      }
    }
    for (String line : Programs.run(List.of("ip", "route", "show", "default")).lines().toList()) {
      List<String> words = List.of(line.split("\\s+", -1));
      int device = words.indexOf("dev");
      if (device >= 0 && device + 1 < words.size()) {
        found.add(words.get(device + 1));
      }
    }
    if (found.isEmpty()) {
      throw new FaultException("no interface has the node's address " + address);
    }
    return List.copyOf(found);
  }
}
