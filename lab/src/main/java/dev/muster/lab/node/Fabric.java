package dev.muster.lab.node;

import dev.muster.lab.host.Command;
import java.util.List;

/**
 * The network between the nodes: a bridge in a namespace of its own, one link to each node and the
 * control plane, and one to the host. All names carry the lab's, so that removal goes by identity.
 */
public record Fabric(Addresses at) {
  private static final String BRIDGE = "br0";

  /** The host's number among the ports, above any node's. */
  private static final int HOST = 99;

  /**
   * The bridge and the host's link. The host learns the way to the fabric's subnet, nothing else.
   */
  public void up() {
    String fabric = at.namespace("fab");
    ip("netns", "add", fabric);
    in(fabric, "ip", "link", "set", "lo", "up");
    in(fabric, "ip", "link", "add", BRIDGE, "type", "bridge");
    in(fabric, "ip", "addr", "add", at.fabric() + "/24", "dev", BRIDGE);
    in(fabric, "ip", "link", "set", BRIDGE, "up");
    in(fabric, "sysctl", "-qw", "net.ipv4.ip_forward=1");
    String port = at.fabricPort(HOST);
    ip("link", "add", at.hostLink(), "type", "veth", "peer", "name", port, "netns", fabric);
    in(fabric, "ip", "link", "set", port, "master", BRIDGE, "up");
    ip("addr", "add", at.host() + "/24", "dev", at.hostLink());
    ip("link", "set", at.hostLink(), "up");
  }

  /** A namespace with an address on the fabric and ways to all nodes' pods. */
  public void attach(String who, int number, String address, List<Node> nodes) {
    String namespace = at.namespace(who);
    String fabric = at.namespace("fab");
    ip("netns", "add", namespace);
    in(namespace, "ip", "link", "set", "lo", "up");
    in(
        namespace,
        "ip",
        "link",
        "add",
        "eth0",
        "type",
        "veth",
        "peer",
        "name",
        at.fabricPort(number),
        "netns",
        fabric);
    in(fabric, "ip", "link", "set", at.fabricPort(number), "master", BRIDGE, "up");
    in(namespace, "ip", "addr", "add", address + "/24", "dev", "eth0");
    in(namespace, "ip", "link", "set", "eth0", "up");
    in(namespace, "ip", "route", "add", "default", "via", at.fabric());
    in(namespace, "sysctl", "-qw", "net.ipv4.ip_forward=1");
    Command.tried(
        inside(namespace, List.of("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=1")),
        java.util.Map.of());
    for (Node node : nodes) {
      if (!node.name().equals(who)) {
        in(namespace, "ip", "route", "add", node.pods(), "via", node.address());
      }
    }
  }

  /**
   * What a node does for its pods. They leave the lab under the node's address, and reach each
   * other under their own: by it NetworkPolicy tells them apart. Of IPv6 they have link-local
   * addresses only, which no policy speaks of; so nothing is forwarded by them.
   */
  void gateway(Node node) {
    String namespace = at.namespace(node.name());
    in(
        namespace,
        "iptables",
        "-t",
        "nat",
        "-A",
        "POSTROUTING",
        "-s",
        node.pods(),
        "!",
        "-d",
        Addresses.PODS,
        "-j",
        "MASQUERADE");
    Command.tried(
        inside(namespace, List.of("ip6tables", "-P", "FORWARD", "DROP")), java.util.Map.of());
  }

  /** Cuts a node off at the fabric's side: from this moment nothing it sends arrives. */
  void cut(int number) {
    Command.tried(
        inside(at.namespace("fab"), List.of("ip", "link", "set", at.fabricPort(number), "down")),
        java.util.Map.of());
  }

  /**
   * Removes the host's link, from the fabric's end: there it is this lab's for certain. Without it
   * the kernel does so, up to minutes after the namespace was removed.
   */
  public void leaveHost() {
    Command.tried(
        inside(at.namespace("fab"), List.of("ip", "link", "del", at.fabricPort(HOST))),
        java.util.Map.of());
  }

  public void cutQuietly(Node node) {
    cut(node.number());
  }

  /**
   * Removes a namespace and its link. The link by name: the kernel takes it down with the
   * namespace, but only some time after the last command has returned.
   */
  void detach(String who, int number) {
    Command.tried(
        inside(at.namespace("fab"), List.of("ip", "link", "del", at.fabricPort(number))),
        java.util.Map.of());
    Command.tried(List.of("ip", "netns", "del", at.namespace(who)), java.util.Map.of());
  }

  /** The command line that runs {@code command} in a network namespace, without remounting /sys. */
  public static List<String> inside(String namespace, List<String> command) {
    var all = new java.util.ArrayList<>(List.of("nsenter", "--net=" + file(namespace)));
    all.addAll(command);
    return all;
  }

  /** The file by which a network namespace is entered. */
  public static String file(String namespace) {
    return "/run/netns/" + namespace;
  }

  private static void in(String namespace, String... command) {
    Command.run(inside(namespace, List.of(command)));
  }

  private static void ip(String... arguments) {
    var command = new java.util.ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Command.run(command);
  }
}
