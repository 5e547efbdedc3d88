package dev.muster.drill.kind;

import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.drill.field.Fields;
import dev.muster.source.MinimumAmount;
import dev.muster.source.MinimumDuration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Processes that only compute.
 *
 * @param load of each worker in percent
 * @param workers 0: one for each CPU of the node
 * @param in a pod: in its container's cgroup, so that it takes from the container's own share
 * @param containers names, in a pod only; empty means the pod's first
 */
public record CpuStress(int load, int workers, Place in, List<String> containers)
    implements FaultKind {
  public static final Kind KIND =
      Kind.of(
              CpuStress.class,
              "processes that only compute compete for the CPU",
              yaml ->
                  new CpuStress(
                      yaml.number("load", 100),
                      yaml.number("workers", 0),
                      Place.of(yaml),
                      yaml.list("containers")),
              _ -> MinimumDuration.MEASURED)
          .takes(
              Field.whole("load", 1, 100, "of each worker, in percent; 100 if left out"),
              Field.whole("workers", 1, 512, "how many; one for each CPU if left out"),
              Fields.IN,
              Fields.CONTAINERS,
              Fields.FOLLOW)
          .rules(Fields::stress)
          .sense(CpuStress::sense);

  private static void sense(FaultYaml yaml) {
    Fields.oneContainer(yaml);
    int load = Math.clamp(yaml.number("load", 100), 1, 100);
    int workers = Math.clamp(yaml.number("workers", 0), 0, 512);
    MinimumAmount.cpu(load, workers, Fields.inPod(yaml))
        .ifPresent(why -> yaml.refuse(yaml.has("load") ? "load" : "workers", why));
  }

  @Override
  public Set<Trait> traits() {
    return in == Place.POD ? EnumSet.of(Trait.BY_AGENT, Trait.OF_PODS) : EnumSet.of(Trait.BY_AGENT);
  }

  @Override
  public List<String> words() {
    String what = (workers == 0 ? "a worker for each CPU" : workers + " workers") + " at " + load;
    return in.words(what + " %", containers);
  }
}
