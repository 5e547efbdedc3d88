package dev.muster.policy;

/**
 * Which way a connection goes, seen from the pod that a policy selects.
 *
 * @see Policy
 */
enum Direction {
  INGRESS("I", "-d", "-s", "src"),
  EGRESS("E", "-s", "-d", "dst");

  /** In the names of chains. */
  final String letter;

  /** The option of iptables for the address of the selected pod. */
  final String own;

  /** The option of iptables for the address of its peer. */
  final String other;

  /** The peer's address, in the words of ipset. */
  final String peer;

  Direction(String letter, String own, String other, String peer) {
    this.letter = letter;
    this.own = own;
    this.other = other;
    this.peer = peer;
  }
}
