package dev.muster.chaosmesh;

import java.util.Map;

/** What Chaos Mesh does and a file of it cannot ask of Muster, and what of Muster is near. */
final class OtherKinds {
  private static final String POWER =
      "NodeShutdown switches a machine off, by commands of your cloud's in \"power\" (with action:"
          + " reboot off and on)";

  private static final Map<String, String> NEAR =
      Map.ofEntries(
          Map.entry("AWSChaos", POWER),
          Map.entry("AzureChaos", POWER),
          Map.entry("GCPChaos", POWER),
          Map.entry("CloudStackChaos", POWER),
          Map.entry(
              "PhysicalMachineChaos",
              "of a machine that is a node, NodeNetwork, NetworkDelay, NetworkLoss, CpuStress,"
                  + " MemoryStress, DiskFill, KubeletStop and NodeShutdown are near it"),
          Map.entry("DNSChaos", "DnsFailure drops every question to DNS of a node and its pods"),
          Map.entry(
              "HTTPChaos",
              "NetworkPolicy cuts pods off, ProcessPause lets them hang, NetworkDelay slows a node"),
          Map.entry("IOChaos", "DiskFill fills a node's disk; none slows or breaks one"),
          Map.entry("BlockChaos", "DiskFill fills a node's disk; none slows or breaks one"),
          Map.entry(
              "JVMChaos", "CpuStress and MemoryStress with \"in: pod\" take from a container"),
          Map.entry("KernelChaos", "NodeShutdown and KubeletStop take a node away"),
          Map.entry("K8SChaos", "PodKill and NetworkPolicy are done through the API"),
          Map.entry("TimeChaos", "none changes a clock"),
          Map.entry("PodNetworkChaos", "NetworkPolicy cuts pods off"),
          Map.entry(
              "StatusCheck",
              "\"abortWhen\" with the probe http ends a drill; write it in a drill"));

  /** What of a cloud's machines is no switching off. */
  private static final Map<String, String> NOTHING =
      Map.of(
          "detach-volume", "none takes a disk away",
          "disk-detach", "none takes a disk away",
          "disk-loss", "none takes a disk away");

  private OtherKinds() {}

  /**
   * Why it is refused, and what to write instead.
   *
   * @param action as the object has it; empty where it has none
   */
  static String why(String kind, String action) {
    String near = NOTHING.getOrDefault(action, NEAR.getOrDefault(kind, ""));
    return "Muster runs PodChaos, NetworkChaos, StressChaos, Workflow and Schedule, no "
        + kind
        + (near.isEmpty()
            ? ""
            : "; of Muster's own faults " + near + ": write a drill (docs/faults.md)");
  }
}
