package dev.muster.agent.deed;

import dev.muster.agent.node.Interfaces;
import dev.muster.agent.node.IptablesChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Drops the questions to DNS that the node and its pods ask: before any address is translated, so
 * that it does not matter behind which Service the servers are. Questions of others to a DNS server
 * that happens to run here are answered as ever.
 */
final class DnsCut implements Deed {
  private final String address;
  private final String id;
  private @Nullable IptablesChain made;

  DnsCut(String address, String id) {
    this.address = address;
    this.id = id;
  }

  /** The same from beginning to end: the node's back end does not change in the time of a fault. */
  private IptablesChain chain() {
    IptablesChain known = made;
    if (known == null) {
      known =
          new IptablesChain(
              "iptables-" + IptablesChain.flavour(),
              "raw",
              IptablesChain.PREFIX + id,
              List.of("PREROUTING", "OUTPUT"));
      made = known;
    }
    return known;
  }

  @Override
  public List<String> undo() {
    return List.of(chain().undo());
  }

  @Override
  public void inject() {
    List<List<String>> rules = new ArrayList<>();
    for (String device : Interfaces.outward(address)) {
      rules.add(List.of("-i", device, "-j", "RETURN"));
    }
    for (String protocol : List.of("udp", "tcp")) {
      rules.add(List.of("-p", protocol, "--dport", "53", "-j", "DROP"));
    }
    chain().add(rules);
  }

  /** That the chain is in its place; that it is felt is seen by a probe from outside. */
  @Override
  public Optional<Map<String, String>> effect() {
    IptablesChain chain = chain();
    return chain.drops()
        ? Optional.of(Map.of("chain", chain.name(), "back end", chain.program()))
        : Optional.empty();
  }

  @Override
  public Optional<String> remains() {
    return chain().exists() ? Optional.of("chain " + chain().name()) : Optional.empty();
  }
}
