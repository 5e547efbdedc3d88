package dev.muster.agent.deed;

import dev.muster.agent.node.Cgroup;
import dev.muster.agent.node.Containers;
import dev.muster.wire.DeedSpec;
import dev.muster.wire.DeedSpec.Direction;
import dev.muster.wire.InjectionSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes the deed that is asked for. */
public final class Deeds {
  private Deeds() {}

  /**
   * @param folder of the fault on the node
   * @param cgroups the node's {@code /sys/fs/cgroup}
   */
  public static Deed of(InjectionSpec spec, Path folder, Path cgroups) {
    return switch (spec.deed()) {
      case DeedSpec.NodeNetwork cut ->
          new NetworkCut(
              cut.peers(),
              cut.direction() != Direction.FROM,
              cut.direction() != Direction.TO,
              cut.address(),
              spec.id());
      case DeedSpec.DnsFailure dns -> new DnsCut(dns.address(), spec.id());
      case DeedSpec.CpuStress cpu ->
          new Stress(
              group(cpu.container(), spec.id(), cgroups),
              options(
                  spec,
                  "--cpu",
                  Integer.toString(cpu.workers()),
                  "--cpu-load",
                  Integer.toString(cpu.load())),
              folder.resolve("join.sh"),
              0);
      case DeedSpec.MemoryStress memory ->
          new Stress(
              group(memory.container(), spec.id(), cgroups),
              options(
                  spec,
                  "--vm",
                  "1",
                  "--vm-bytes",
                  Long.toString(memory.bytes()),
                  "--vm-keep",
                  "--vm-method",
                  "write64"),
              folder.resolve("join.sh"),
              memory.bytes() / 2);
      case DeedSpec.DiskFill disk ->
          new Fill(folder.resolve("fill"), disk.bytes(), disk.percent(), disk.leave());
      case DeedSpec.ProcessKill kill -> new Kill(kill.containers());
      case DeedSpec.ProcessPause pause ->
          new Freeze(() ->
              pause.containers().stream().flatMap(c -> Containers.processes(c).stream()).toList());
      case DeedSpec.KubeletStop _ -> new Freeze(() -> Containers.named("kubelet"));
      case DeedSpec.NetworkDelay delay ->
          new Netem(
              delay.address(),
              List.of(
                  "delay", delay.latency().toMillis() + "ms", delay.jitter().toMillis() + "ms"));
      case DeedSpec.NetworkLoss loss ->
          new Netem(
              loss.address(),
              List.of("loss", String.format(Locale.ROOT, "%.2f%%", loss.percent())));
    };
  }

  /** Of stress-ng, with a second end of its own: undo.sh is the first. */
  private static List<String> options(InjectionSpec spec, String... own) {
    List<String> all = new ArrayList<>(List.of(own));
    all.addAll(List.of("--timeout", spec.ttl().toSeconds() + "s"));
    return all;
  }

  private static Cgroup group(String container, String id, Path cgroups) {
    return container.isEmpty()
        ? Cgroup.atRoot(cgroups, id)
        : Cgroup.inContainer(cgroups, container, id);
  }
}
