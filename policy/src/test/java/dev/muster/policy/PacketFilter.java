package dev.muster.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Does to a packet what the kernel would do by a rule set; knows no more than we write. */
record PacketFilter(RuleSet rules) {

  /** The first packet of a connection, after a Service's address was replaced. */
  record Packet(String source, String destination, String protocol, int port) {}

  private enum Fate {
    GOES_ON,
    RETURNS,
    DROPPED
  }

  boolean lets(Packet packet) {
    return pass(RuleSet.ENTRY, packet) != Fate.DROPPED;
  }

  private Fate pass(String chain, Packet packet) {
    for (String rule : Objects.requireNonNull(rules.chains().get(chain), chain)) {
      List<String> words = new ArrayList<>(Arrays.asList(rule.split(" ")));
      String target = "";
      boolean matches = true;
      while (!words.isEmpty()) {
        String option = words.removeFirst();
        String value = words.removeFirst();
        switch (option) {
          case "-s" -> matches &= packet.source().equals(value);
          case "-d" -> matches &= packet.destination().equals(value);
          case "-p" -> matches &= packet.protocol().equals(value);
          case "--dport" -> matches &= inRange(packet.port(), value);
          case "--ctstate" -> matches = false; // it is the first packet
          case "--match-set" -> matches &= inSet(value, words.removeFirst(), packet);
          case "-m", "--comment" -> {}
          case "-j" -> target = value;
          default -> throw new AssertionError("unknown option in: " + rule);
        }
      }
      Fate fate =
          switch (target) {
            case "RETURN" -> Fate.RETURNS;
            case "DROP" -> Fate.DROPPED;
            default -> matches ? pass(target, packet) : Fate.GOES_ON;
          };
      if (matches && (fate == Fate.DROPPED || target.equals("RETURN"))) {
        return fate;
      }
    }
    return Fate.GOES_ON;
  }

  private static boolean inRange(int port, String range) {
    String[] ends = range.split(":", -1);
    return port >= Integer.parseInt(ends[0]) && port <= Integer.parseInt(ends[ends.length - 1]);
  }

  private boolean inSet(String name, String which, Packet packet) {
    RuleSet.AddressSet set = Objects.requireNonNull(rules.sets().get(name), name);
    String address = which.startsWith("src") ? packet.source() : packet.destination();
    return switch (set.type()) {
      case "hash:ip" -> set.members().contains(address);
      case "hash:ip,port" ->
          set.members().contains(address + "," + packet.protocol() + ":" + packet.port());
      case "hash:net" -> inNetworks(set, address);
      default -> throw new AssertionError(set.type());
    };
  }

  private static boolean inNetworks(RuleSet.AddressSet set, String address) {
    int longest = -1;
    boolean in = false;
    for (String member : set.members()) {
      String[] parts = member.split("[/ ]", -1);
      int bits = Integer.parseInt(parts[1]);
      if (bits > longest && number(address) >>> (32 - bits) == number(parts[0]) >>> (32 - bits)) {
        longest = bits;
        in = parts.length == 2;
      }
    }
    return in;
  }

  private static long number(String address) {
    long number = 0;
    for (String part : address.split("\\.", -1)) {
      number = number << 8 | Integer.parseInt(part);
    }
    return number;
  }
}
