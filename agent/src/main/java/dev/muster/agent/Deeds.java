package dev.muster.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes the deed of a kind of the agent's arguments. */
final class Deeds {
  private Deeds() {}

  /**
   * @param id of the fault, in names of chains and cgroups
   * @param folder of the fault on the node
   * @param cgroups the node's {@code /sys/fs/cgroup}
   * @throws IllegalArgumentException if the kind is not known or something is missing
   */
  static Deed of(Arguments given, String id, Path folder, Path cgroups) {
    String kind = given.text("kind");
    return switch (kind) {
      case "NodeNetwork" ->
          new NetworkCut(
              given.list("peers"),
              !given.text("direction", "both").equals("from"),
              !given.text("direction", "both").equals("to"),
              given.text("address"),
              id);
      case "DnsFailure" -> new DnsCut(given.text("address"), id);
      case "CpuStress" ->
          stress(
              given,
              id,
              folder,
              cgroups,
              List.of("--cpu", given.text("workers"), "--cpu-load", given.text("load")));
      case "MemoryStress" ->
          stress(
              given,
              id,
              folder,
              cgroups,
              List.of(
                  "--vm",
                  given.text("workers", "1"),
                  "--vm-bytes",
                  given.text("bytes"),
                  "--vm-keep",
                  "--vm-method",
                  "write64"));
      case "DiskFill" ->
          new Fill(
              folder.resolve("fill"),
              given.number("bytes", 0),
              (int) given.number("percent", 0),
              given.number("leave", 0));
      case "ProcessKill" -> new Kill(given.list("containers"));
      case "ProcessPause" ->
          new Freeze(() ->
              given.list("containers").stream()
                  .flatMap(c -> Containers.processes(c).stream())
                  .toList());
      case "KubeletStop" -> new Freeze(() -> Containers.named("kubelet"));
      case "NetworkDelay" ->
          new Netem(
              given.text("address"),
              List.of("delay", given.text("latency") + "ms", given.text("jitter", "0") + "ms"));
      case "NetworkLoss" ->
          new Netem(given.text("address"), List.of("loss", given.text("loss") + "%"));
      default -> throw new IllegalArgumentException("unknown kind " + kind);
    };
  }

  private static Deed stress(
      Arguments given, String id, Path folder, Path cgroups, List<String> options) {
    List<String> all = new ArrayList<>(options);
    // a second end of its own: undo.sh is the first
    all.addAll(List.of("--timeout", given.text("ttl").replaceAll("\\..*", "") + "s"));
    List<String> containers = given.list("containers");
    Cgroup group =
        containers.isEmpty()
            ? Cgroup.atRoot(cgroups, id)
            : Cgroup.inContainer(cgroups, containers.getFirst(), id);
    return new Stress(group, all, folder.resolve("join.sh"), given.number("bytes", 0) / 2);
  }
}
