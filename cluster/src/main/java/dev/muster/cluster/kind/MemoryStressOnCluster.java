package dev.muster.cluster.kind;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.object.KubeletView;
import dev.muster.drill.field.Amount;
import dev.muster.drill.kind.MemoryStress;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.NodeFilled;
import dev.muster.observe.effect.PodStressed;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;

/** Memory that the kubelet measures, or reports the pressure of. */
public final class MemoryStressOnCluster implements OnCluster.ByAgent<MemoryStress> {
  private static final long MEBI = 1 << 20;

  /** Of so many pages one is needed to find the others (8 bytes each, of 4 KiB). */
  private static final long PAGE_TABLES = 512;

  @Override
  public Class<MemoryStress> kind() {
    return MemoryStress.class;
  }

  @Override
  public DeedSpec deed(MemoryStress kind, AgentArguments told, String node, Optional<Pod> pod) {
    KubeletView kubelet = new KubeletView(told.probe(), node);
    return new DeedSpec.MemoryStress(
        pod.flatMap(p -> ofLimit(kind, p)).orElseGet(() -> ofNode(kind.amount(), kubelet)),
        pod.map(p -> AgentArguments.container(p, kind.containers())).orElse(""));
  }

  /** A share of the container's limit; empty where it has none, or no share is asked for. */
  private static Optional<Long> ofLimit(MemoryStress stress, Pod pod) {
    Integer percent = stress.amount().percent();
    if (percent == null) {
      return Optional.empty();
    }
    String name =
        stress.containers().isEmpty()
            ? pod.getSpec().getContainers().getFirst().getName()
            : stress.containers().getFirst();
    return pod.getSpec().getContainers().stream()
        .filter(c -> c.getName().equals(name))
        .filter(c -> c.getResources() != null && c.getResources().getLimits() != null)
        .map(c -> c.getResources().getLimits().get("memory"))
        .filter(limit -> limit != null)
        .map(limit -> Quantity.getAmountInBytes(limit).longValue() / 100 * percent)
        .findFirst();
  }

  /**
   * Most of the kubelet's eviction threshold is left: that is pressure, and what the kernel needs
   * for page tables and the kubelet does not foresee must not make it an OOM kill.
   */
  private static long ofNode(Amount amount, KubeletView kubelet) {
    KubeletView.Usage usage =
        kubelet
            .usage()
            .orElseThrow(
                () -> new ClusterException("the kubelet of " + kubelet.node() + " tells no usage"));
    long total = usage.memoryFree() + usage.memoryUsed();
    Long bytes = amount.bytes();
    Integer percent = amount.percent();
    long wanted =
        bytes != null
            ? bytes
            : percent != null
                ? total / 100 * percent - usage.memoryUsed()
                : (usage.memoryFree() - Pressure.leave(kubelet, "memory.available", total))
                    / PAGE_TABLES
                    * (PAGE_TABLES - 1);
    if (wanted < MEBI) {
      throw new ClusterException(
          "node %s has %d of %d MiB in use: nothing is left to take"
              .formatted(kubelet.node(), usage.memoryUsed() / MEBI, total / MEBI));
    }
    return wanted;
  }

  @Override
  public Effect effect(MemoryStress kind, InjectionContext at) {
    return at.pod().isPresent()
        ? new PodStressed(at.kubelet(), at.victim())
        : NodeFilled.memory(at.probe(), at.kubelet(), at.node(), kind.amount());
  }
}
