package dev.muster.agent.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A chain of iptables that is a fault's own. Whatever its rules are, they go with it.
 *
 * @param program iptables-nft, iptables-legacy or one of ip6tables
 * @param hooks built-in chains that jump to it
 */
public record IptablesChain(String program, String table, String name, List<String> hooks) {
  private static final Pattern PACKETS = Pattern.compile("^\\s*([0-9]+)\\s+[0-9]+\\s");

  /** All begin so; the lab's own NetworkPolicy chains do not. */
  public static final String PREFIX = "MUSTER-F-";

  /** The one of iptables' two back ends that the node uses: the one that has more rules. */
  public static String flavour() {
    long legacy = rules("iptables-legacy");
    long nft = rules("iptables-nft");
    if (legacy < 0 && nft < 0) {
      throw new FaultException(
          "neither iptables-nft nor iptables-legacy works on this node: "
              + Programs.tried("iptables-nft", "-S").output());
    }
    return legacy > nft ? "legacy" : "nft";
  }

  /** -1 where the program does not work. */
  private static long rules(String program) {
    Programs.Result saved = Programs.tried(program + "-save");
    return saved.good() ? saved.output().lines().filter(l -> l.startsWith("-A")).count() : -1;
  }

  public String undo() {
    return "chain " + program + " " + table + " " + name + " " + String.join(" ", hooks);
  }

  /** Makes the chain whole first and hooks it in last, so that it works at one stroke. */
  public void add(List<List<String>> rules) {
    run("-N", name);
    for (List<String> rule : rules) {
      List<String> command = new ArrayList<>(List.of("-A", name));
      command.addAll(rule);
      run(command.toArray(String[]::new));
    }
    for (String hook : hooks) {
      run("-I", hook, "1", "-j", name);
    }
  }

  /** Whether it is hooked in everywhere and still drops something: somebody may have emptied it. */
  public boolean drops() {
    return hooked()
        && Programs.tried(program, "-w", "5", "-t", table, "-S", name)
            .output()
            .lines()
            .anyMatch(line -> line.endsWith("-j DROP"));
  }

  /** Packets that its rules have counted. */
  public long packets() {
    Programs.Result list = Programs.tried(program, "-w", "5", "-t", table, "-nvxL", name);
    return list.output().lines().skip(2).mapToLong(IptablesChain::packets).sum();
  }

  private static long packets(String line) {
    Matcher matcher = PACKETS.matcher(line);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  public boolean hooked() {
    return hooks.stream()
        .allMatch(
            hook -> Programs.tried(program, "-w", "5", "-t", table, "-C", hook, "-j", name).good());
  }

  public boolean exists() {
    return Programs.tried(program, "-w", "5", "-t", table, "-nL", name).good();
  }

  /**
   * Those of any fault, in all tables and back ends.
   *
   * @throws FaultException if a back end that has tables cannot be looked at: nothing seen is not
   *     nothing there
   */
  public static List<IptablesChain> ours() {
    return Stream.of("iptables-nft", "iptables-legacy", "ip6tables-nft", "ip6tables-legacy")
        .flatMap(IptablesChain::ours)
        .toList();
  }

  private static Stream<IptablesChain> ours(String program) {
    Programs.Result saved = Programs.tried(program + "-save");
    if (!saved.good()) {
      if (absent(program, saved.output())) {
        return Stream.empty();
      }
      throw new FaultException(program + "-save can not look: " + saved.output());
    }
    String table = "";
    List<IptablesChain> found = new ArrayList<>();
    for (String line : saved.output().lines().toList()) {
      if (line.startsWith("*")) {
        table = line.substring(1);
      } else if (line.startsWith(":" + PREFIX)) {
        String name = line.substring(1).split(" ", 2)[0];
        found.add(
            new IptablesChain(
                program, table, name, List.of("PREROUTING", "POSTROUTING", "OUTPUT")));
      }
    }
    return found.stream();
  }

  /** A kernel without this back end, or without any table of it, has no chain of it either. */
  private static boolean absent(String program, String said) {
    if (program.endsWith("-nft")) {
      return said.contains("not supported");
    }
    Path tables =
        Path.of("/proc/net", program.startsWith("ip6") ? "ip6_tables_names" : "ip_tables_names");
    try {
      return !Files.exists(tables) || Files.readString(tables).isBlank();
    } catch (IOException e) {
      return false;
    }
  }

  private void run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program, "-w", "5", "-t", table));
    command.addAll(List.of(arguments));
    Programs.run(command);
  }
}
