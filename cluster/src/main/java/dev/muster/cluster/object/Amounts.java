package dev.muster.cluster.object;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Amounts of resources by their Kubernetes names: cores, bytes, pieces of anything else, and pods.
 */
public record Amounts(Map<String, BigDecimal> of) {
  static final String PODS = "pods";
  public static final Amounts NOTHING = new Amounts(Map.of());
  private static final BigDecimal MEBI = BigDecimal.valueOf(1L << 20);
  private static final BigDecimal GIBI = BigDecimal.valueOf(1L << 30);

  public Amounts {
    of = Map.copyOf(of);
  }

  public static Amounts of(@Nullable Map<String, Quantity> quantities) {
    Map<String, BigDecimal> amounts = new TreeMap<>();
    if (quantities != null) {
      quantities.forEach((name, q) -> amounts.put(name, Quantity.getAmountInBytes(q)));
    }
    return new Amounts(amounts);
  }

  /**
   * What a pod takes of a node, as the scheduler counts it: the containers together or, where it is
   * more, the largest step of its start, and the overhead of its runtime.
   */
  public static Amounts requestedBy(Pod pod) {
    Amounts running = NOTHING;
    for (Container container : pod.getSpec().getContainers()) {
      running = running.plus(requests(container.getResources()));
    }
    Amounts sidecars = NOTHING;
    Amounts starting = NOTHING;
    for (Container container : orNone(pod.getSpec().getInitContainers())) {
      Amounts own = requests(container.getResources());
      if ("Always".equals(container.getRestartPolicy())) {
        sidecars = sidecars.plus(own);
        starting = starting.max(sidecars);
      } else {
        starting = starting.max(sidecars.plus(own));
      }
    }
    Map<String, BigDecimal> all = new TreeMap<>(running.plus(sidecars).max(starting).of());
    all.putAll(requests(pod.getSpec().getResources()).of()); // said for the pod as a whole
    all.put(PODS, BigDecimal.ONE);
    return new Amounts(all).plus(of(pod.getSpec().getOverhead()));
  }

  private static Amounts requests(@Nullable ResourceRequirements resources) {
    return resources == null ? NOTHING : of(resources.getRequests());
  }

  public static <T> List<T> orNone(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  public BigDecimal get(String resource) {
    return of.getOrDefault(resource, BigDecimal.ZERO);
  }

  Amounts plus(Amounts other) {
    return each(other, BigDecimal::add);
  }

  public Amounts minus(Amounts other) {
    return each(other, BigDecimal::subtract);
  }

  public Amounts max(Amounts other) {
    return each(other, BigDecimal::max);
  }

  private Amounts each(Amounts other, BinaryOperator<BigDecimal> way) {
    return new Amounts(
        Stream.concat(of.keySet().stream(), other.of.keySet().stream())
            .distinct()
            .collect(Collectors.toMap(r -> r, r -> way.apply(get(r), other.get(r)))));
  }

  /** There is enough of everything that is asked for. */
  public boolean holds(Amounts asked) {
    return asked.of.entrySet().stream()
        .allMatch(e -> e.getValue().signum() == 0 || get(e.getKey()).compareTo(e.getValue()) >= 0);
  }

  /** The largest part of a whole that any resource takes; above 1 it does not fit. */
  public double shareOf(Amounts whole) {
    return of.entrySet().stream()
        .filter(e -> e.getValue().signum() > 0)
        .mapToDouble(
            e -> e.getValue().doubleValue() / Math.max(1e-9, whole.get(e.getKey()).doubleValue()))
        .max()
        .orElse(0);
  }

  /** Only what the other has some of. */
  public Amounts named(Amounts other) {
    return new Amounts(
        other.of.entrySet().stream()
            .filter(e -> e.getValue().signum() > 0)
            .collect(Collectors.toMap(Map.Entry::getKey, e -> get(e.getKey()))));
  }

  /** {@code 2 cores, 4 GiB, 1 nvidia.com/gpu, 1 pods}. */
  @Override
  public String toString() {
    return of.keySet().stream()
        .sorted(
            java.util.Comparator.comparing((String r) -> r.equals(PODS))
                .thenComparing(r -> !r.equals("cpu"))
                .thenComparing(r -> !r.equals("memory"))
                .thenComparing(r -> r))
        .map(r -> text(r, get(r).max(BigDecimal.ZERO)))
        .collect(Collectors.joining(", "));
  }

  private static String text(String resource, BigDecimal amount) {
    return switch (resource) {
      case "cpu" -> plain(amount) + " cores";
      case "memory" -> bytes(amount);
      case PODS -> plain(amount) + (amount.compareTo(BigDecimal.ONE) == 0 ? " pod" : " pods");
      default ->
          (resource.endsWith("storage") || resource.startsWith("hugepages-")
                  ? bytes(amount)
                  : plain(amount))
              + " "
              + resource;
    };
  }

  private static String bytes(BigDecimal amount) {
    return amount.remainder(GIBI).signum() == 0 && amount.signum() > 0
        ? plain(amount.divideToIntegralValue(GIBI)) + " GiB"
        : plain(amount.divideToIntegralValue(MEBI)) + " MiB";
  }

  private static String plain(BigDecimal amount) {
    return amount.stripTrailingZeros().toPlainString();
  }
}
