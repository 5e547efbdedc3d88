package dev.muster.agent.deed;

import dev.muster.agent.node.Interfaces;
import dev.muster.agent.node.IptablesChain;
import dev.muster.agent.node.Programs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Drops the node's packets to and from its peers, as a pulled cable does: on the interfaces that
 * lead out of the node, first of all tables, established flows too. What pods of the node say to
 * one another, and the kubelet to them, lives on.
 */
final class NetworkCut implements Deed {
  private final List<String> peers;
  private final boolean to;
  private final boolean from;
  private final String address;
  private final String id;
  private @Nullable List<IptablesChain> made;

  /**
   * @param peers addresses and ranges; empty means everybody
   * @param address of the node: its interface is cut
   */
  NetworkCut(List<String> peers, boolean to, boolean from, String address, String id) {
    this.peers = List.copyOf(peers);
    this.to = to;
    this.from = from;
    this.address = address;
    this.id = id;
  }

  @Override
  public List<String> undo() {
    return chains().stream().map(IptablesChain::undo).toList();
  }

  @Override
  public void inject() {
    List<String> devices = Interfaces.outward(address);
    for (IptablesChain chain : chains()) {
      chain.add(rules(devices));
    }
  }

  /** The same from beginning to end: the node's back end does not change in the time of a fault. */
  private List<IptablesChain> chains() {
    List<IptablesChain> known = made;
    if (known == null) {
      known = find();
      made = known;
    }
    return known;
  }

  /** The second chain, for IPv6, only where everybody is meant and the node speaks it. */
  private List<IptablesChain> find() {
    String flavour = IptablesChain.flavour();
    List<String> hooks = new ArrayList<>();
    if (from) {
      hooks.add("PREROUTING");
    }
    if (to) {
      hooks.add("POSTROUTING");
    }
    List<IptablesChain> chains = new ArrayList<>();
    chains.add(
        new IptablesChain("iptables-" + flavour, "mangle", IptablesChain.PREFIX + id, hooks));
    String six = "ip6tables-" + flavour;
    if (peers.isEmpty() && Programs.tried(six, "-t", "mangle", "-S").good()) {
      chains.add(new IptablesChain(six, "mangle", IptablesChain.PREFIX + id, hooks));
    }
    return chains;
  }

  private List<List<String>> rules(List<String> devices) {
    List<List<String>> rules = new ArrayList<>();
    for (String device : devices) {
      if (peers.isEmpty()) {
        either(rules, device, List.of(), List.of());
      }
      for (String peer : peers) {
        either(rules, device, List.of("-s", peer), List.of("-d", peer));
      }
    }
    return rules;
  }

  /** Packets that came in by the device, and those that leave by it. */
  private void either(
      List<List<String>> rules, String device, List<String> source, List<String> destination) {
    if (from) {
      rules.add(rule(List.of("-i", device), source));
    }
    if (to) {
      rules.add(rule(List.of("-o", device), destination));
    }
  }

  private static List<String> rule(List<String> device, List<String> peer) {
    List<String> rule = new ArrayList<>(device);
    rule.addAll(peer);
    rule.addAll(List.of("-j", "DROP"));
    return rule;
  }

  @Override
  public Optional<Map<String, String>> effect() {
    IptablesChain chain = chains().getFirst();
    if (!chain.hooked()) {
      return Optional.empty();
    }
    long packets = chain.packets();
    return packets == 0
        ? Optional.empty()
        : Optional.of(
            Map.of(
                "chain",
                chain.name(),
                "back end",
                chain.program(),
                "dropped",
                packets + " packets"));
  }

  /** Nobody needs to send anything at that moment. */
  @Override
  public Optional<Map<String, String>> still() {
    IptablesChain chain = chains().getFirst();
    return chain.drops()
        ? Optional.of(Map.of("chain", chain.name(), "dropped", chain.packets() + " packets"))
        : Optional.empty();
  }

  @Override
  public Optional<String> remains() {
    return chains().stream()
        .filter(IptablesChain::exists)
        .findFirst()
        .map(c -> "chain " + c.name());
  }
}
