package dev.muster.lab.node;

import dev.muster.source.Proxies;
import java.util.List;
import java.util.Map;

/**
 * Names and addresses of one lab; labs side by side differ by index. Pod and service ranges do not
 * leave the lab and are the same in all.
 */
public record Addresses(String lab, int index) {
  public static final String SERVICES = "10.96.0.0/16";
  public static final String KUBERNETES_SERVICE = "10.96.0.1";
  public static final String DNS = "10.96.0.10";
  static final String PODS = "10.244.0.0/16";

  /** Where labs are. No proxy knows a way there, for all of it is on this machine. */
  private static final List<String> NETWORKS =
      List.of("10.240.0.0/16", PODS, SERVICES, ".svc", ".cluster.local");

  /** What a program that asks a lab finds in its environment besides. */
  public static Map<String, String> withoutProxy(Map<String, String> environment) {
    return new Proxies(environment).without(NETWORKS);
  }

  public String fabric() {
    return "10.240." + index + ".1";
  }

  String host() {
    return "10.240." + index + ".254";
  }

  public String controlPlane() {
    return "10.240." + index + ".10";
  }

  public String node(int number) {
    return "10.240." + index + "." + (10 + number);
  }

  public String pods(int number) {
    return "10.244." + number + ".0/24";
  }

  public String api() {
    return "https://" + controlPlane() + ":6443";
  }

  /** With a dot, which no lab's name holds: else lab {@code a} would own what is of {@code a-b}. */
  static String prefix(String lab) {
    return "muster-" + lab + ".";
  }

  /** The name of a network namespace: fab, cp, or a node's. */
  public String namespace(String who) {
    return prefix(lab) + who;
  }

  String cgroup(String node) {
    return prefix(lab) + node;
  }

  /** The host's end of its only link to the lab. */
  String hostLink() {
    return "mstr" + index + "-host";
  }

  /** The fabric's end of a link; 0 is the control plane's, 99 the host's. */
  String fabricPort(int number) {
    return "mstr" + index + "-" + number;
  }
}
