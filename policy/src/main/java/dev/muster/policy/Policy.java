package dev.muster.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A NetworkPolicy in full: nothing of it is left out.
 *
 * @param rules what is allowed, by direction; a direction that is no key does not isolate, one
 *     without rules lets nothing through
 */
record Policy(String namespace, String name, Selector pods, Map<Direction, List<Rule>> rules) {

  /**
   * Allows what comes from (or goes to) one of the peers at one of the ports; an empty list is no
   * restriction.
   */
  record Rule(List<Peer> peers, List<Port> ports) {}

  sealed interface Peer {
    /**
     * Pods by their labels.
     *
     * @param namespaces null for the policy's own
     */
    record Pods(@Nullable Selector namespaces, Selector pods) implements Peer {}

    /** Addresses of a range but for those in the excepted ranges. */
    record Block(Cidr range, List<Cidr> except) implements Peer {}
  }

  /** The protocol in lower case, as iptables, ipset and /etc/protocols know it. */
  sealed interface Port {
    String protocol();

    record Numbers(String protocol, int first, int last) implements Port {}

    /** Whatever the addressed pod calls so: another number in each pod. */
    record Named(String protocol, String name) implements Port {}
  }
}
