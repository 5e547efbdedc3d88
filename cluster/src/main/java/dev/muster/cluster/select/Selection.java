package dev.muster.cluster.select;

import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.object.Workloads;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.Mode;
import dev.muster.drill.field.Selector;
import dev.muster.drill.kind.FaultKind.Trait;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the victims of a fault, a pure function of drill and snapshot: what leaves, has finished
 * or is protected is never chosen. Words about pods look in the target's namespace unless they say
 * which.
 */
public final class Selection {
  private final Drill drill;
  private final Snapshot snapshot;
  private final Protection protection;

  public Selection(Drill drill, Snapshot snapshot) {
    this.drill = drill;
    this.snapshot = snapshot;
    this.protection = new Protection(drill.protect(), snapshot);
  }

  /** The chance of a fault: another for each fault of a drill, the same in each run of it. */
  public static RandomGenerator chance(Drill drill, Fault fault) {
    long seed = drill.load() == null ? 1 : drill.load().seed();
    return new SplittableRandom(seed * 31 + fault.pointer().hashCode());
  }

  /**
   * The pods under test.
   *
   * @throws TargetException if there is none
   */
  public List<Pod> target() {
    return Hosting.ofTarget(drill.target(), snapshot).pods();
  }

  /**
   * Names of the nodes that a fault of nodes takes; never empty. Where {@code hosting} is said, or
   * nothing, the first is the one whose loss hurts most, and mode one takes it without chance.
   *
   * @throws TargetException if the selector names what is protected or not there, or matches
   *     nothing
   */
  public List<String> nodes(Fault fault, RandomGenerator random) {
    Selector selector = fault.selector();
    String pointer = fault.pointer() + "/selector";
    List<String> eligible = eligible(selector, pointer);
    Hosting hosting = hosting(selector, pointer, selector.empty());
    if (hosting == null) {
      List<String> chosen = fault.mode().choose(eligible, random);
      if (fault.kind().is(Trait.TAKES_NODE) && !fault.kind().is(Trait.SPARES_PEERS)) {
        nodeTerms(selector, pointer).refuseOnlyZone(chosen);
      }
      return chosen;
    }
    List<String> ranked = hosting.ranked(eligible::contains);
    if (ranked.isEmpty()) {
      throw new TargetException(
          pointer, "all pods that it means are on protected nodes, or on none that fits the rest");
    }
    List<String> hosts = ranked.stream().filter(hosting::on).toList();
    return fault.mode().equals(Mode.ONE) || hosts.isEmpty()
        ? List.of(ranked.getFirst())
        : fault.mode().choose(hosts, random);
  }

  /**
   * The pods that a fault of pods takes; never empty. Where nothing is said of pods, the drill's
   * target is meant; with {@code hosting} those on the node whose loss hurts most.
   *
   * @throws TargetException as {@link #nodes}
   */
  public List<Pod> pods(Fault fault, RandomGenerator random) {
    Selector selector = fault.selector();
    String pointer = fault.pointer() + "/selector";
    refuseProtectedNamespaces(selector, pointer);
    refuseProtectedPods(selector, pointer);
    Hosting hosting = hosting(selector, pointer, false);
    List<Pod> meant =
        selector.aboutPods()
            ? podWords(selector, pointer).narrow()
            : hosting == null ? target() : hosting.pods();
    List<Pod> there = placed(selector, pointer, hosting, meant);
    List<Pod> free =
        there.stream()
            .filter(p -> protection.ofPod(p).isEmpty())
            .filter(p -> !fault.kind().byAgent() || Pods.node(p).isPresent())
            .toList();
    if (free.isEmpty()) {
      throw new TargetException(pointer, nothing(meant, there));
    }
    return hosting != null && fault.mode().equals(Mode.ONE)
        ? List.of(free.getFirst())
        : fault.mode().choose(free, random);
  }

  /**
   * The Deployments and StatefulSets that a fault of workloads takes; never empty. Where nothing is
   * said of them, those whose pods are the drill's target are meant.
   *
   * @param there all workloads of the cluster
   * @throws TargetException as {@link #nodes}
   */
  public List<HasMetadata> workloads(Fault fault, RandomGenerator random, List<HasMetadata> there) {
    Selector selector = fault.selector();
    String pointer = fault.pointer() + "/selector";
    refuseProtectedNamespaces(selector, pointer);
    PodSelectorTerms.known(selector, pointer, snapshot.namespaces().keySet());
    List<HasMetadata> meant =
        new WorkloadSelectorTerms(selector, pointer, there, drill.target()).narrow();
    List<HasMetadata> free = meant.stream().filter(w -> protectedBy(w).isEmpty()).toList();
    if (free.isEmpty()) {
      throw new TargetException(
          pointer,
          "no workload that it means may be taken: "
              + meant.stream()
                  .map(w -> Workloads.ref(w).path() + ", " + protectedBy(w).orElse(""))
                  .collect(Collectors.joining("; ")));
    }
    return fault.mode().choose(free, random);
  }

  /** Its namespace is protected, or one of its pods is: all of them are made anew. */
  private Optional<String> protectedBy(HasMetadata workload) {
    String namespace = workload.getMetadata().getNamespace();
    return protection
        .ofNamespace(namespace)
        .map(why -> "namespace " + namespace + " is protected: " + why)
        .or(() ->
            snapshot.living().stream()
                .filter(p -> Workloads.selects(workload, p))
                .flatMap(p ->
                    protection.ofPod(p).map(why -> "pod " + Pods.name(p) + ": " + why).stream())
                .findFirst());
  }

  /**
   * The pods from which a fault cuts its victim off: all that the words mean, protected or not, for
   * nothing is done to them. Empty where the fault names no peers.
   *
   * @throws TargetException if it names some and matches none that has an address
   */
  public List<Pod> peers(Fault fault) {
    Selector peers = fault.kind().otherPods();
    if (peers == null) {
      return List.of();
    }
    String pointer = fault.pointer() + "/peerSelector";
    Hosting hosting = hosting(peers, pointer, false);
    List<Pod> meant =
        hosting == null || peers.aboutPods() ? podWords(peers, pointer).narrow() : hosting.pods();
    List<Pod> found =
        placed(peers, pointer, hosting, meant).stream()
            .filter(p -> Pods.address(p).isPresent())
            .toList();
    if (found.isEmpty()) {
      throw new TargetException(pointer, "none of the pods that it means has an address");
    }
    return found;
  }

  /** Those on the nodes that the selector means; all where it says nothing of nodes. */
  private List<Pod> placed(
      Selector selector, String pointer, @Nullable Hosting hosting, List<Pod> meant) {
    if (nodeWords(selector, pointer).isEmpty() && hosting == null) {
      return meant;
    }
    List<String> nodes = eligible(selector, pointer);
    if (hosting != null) {
      nodes =
          hosting.ranked(nodes::contains).stream()
              .filter(n -> meant.stream().anyMatch(p -> Pods.on(p, n)))
              .limit(1)
              .toList();
    }
    Set<String> names = Set.copyOf(nodes);
    return meant.stream().filter(p -> Pods.on(p, names)).toList();
  }

  private String nothing(List<Pod> meant, List<Pod> there) {
    return there.isEmpty()
        ? "%d pods fit, but none of them is on a node that fits".formatted(meant.size())
        : "no pod that it means may be taken: "
            + there.stream()
                .map(p -> Pods.object(p) + ", " + protection.ofPod(p).orElse("on no node yet"))
                .collect(Collectors.joining("; "));
  }

  /**
   * Unprotected nodes for which the words about nodes hold and that carry what those of pods mean.
   */
  private List<String> eligible(Selector selector, String pointer) {
    List<SelectorTerm<Node>> words = nodeWords(selector, pointer);
    if (selector.aboutPods()) {
      Set<String> carrying =
          podWords(selector, pointer).narrow().stream()
              .flatMap(p -> Pods.node(p).stream())
              .collect(Collectors.toSet());
      words.add(
          new SelectorTerm<>(
              pointer,
              "carrying such pods",
              n -> carrying.contains(NodeSelectorTerms.name(n)),
              () -> "they are on no node yet"));
    }
    List<Node> fitting = SelectorTerm.narrow(snapshot.nodes(), words, "node", pointer);
    List<String> free =
        fitting.stream()
            .filter(n -> protection.ofNode(n).isEmpty())
            .map(NodeSelectorTerms::name)
            .toList();
    if (free.isEmpty()) {
      throw new TargetException(
          pointer,
          "no node that it means may be taken: "
              + fitting.stream()
                  .map(n ->
                      NodeSelectorTerms.name(n)
                          + " is protected: "
                          + protection.ofNode(n).orElse(""))
                  .collect(Collectors.joining("; ")));
    }
    return free;
  }

  private List<SelectorTerm<Node>> nodeWords(Selector selector, String pointer) {
    return nodeTerms(selector, pointer).words();
  }

  private NodeSelectorTerms nodeTerms(Selector selector, String pointer) {
    return new NodeSelectorTerms(selector, pointer, snapshot.nodes(), protection);
  }

  private PodSelectorTerms podWords(Selector selector, String pointer) {
    return new PodSelectorTerms(selector, pointer, snapshot, drill.target().namespace());
  }

  private @Nullable Hosting hosting(Selector selector, String pointer, boolean byDefault) {
    String word = selector.hosting() == null && byDefault ? Hosting.TARGET : selector.hosting();
    if (word == null) {
      return null;
    }
    return word.equals(Hosting.TARGET)
        ? Hosting.ofTarget(drill.target(), snapshot)
        : Hosting.ofComponent(word, pointer + "/hosting", drill.target(), snapshot);
  }

  private void refuseProtectedNamespaces(Selector selector, String pointer) {
    for (int i = 0; i < selector.namespaces().size(); i++) {
      refuseProtected(selector.namespaces().get(i), pointer + "/namespaces/" + i);
    }
    selector
        .pods()
        .keySet()
        .forEach(n -> refuseProtected(n, pointer + "/pods" + SelectorTerm.step(n)));
    String field = selector.fieldSelectors().get("metadata.namespace");
    if (field != null) {
      refuseProtected(field, pointer + "/fieldSelectors/metadata.namespace");
    }
  }

  private void refuseProtected(String namespace, String place) {
    protection
        .ofNamespace(namespace)
        .ifPresent(why -> {
          throw new TargetException(place, "namespace " + namespace + " is protected: " + why);
        });
  }

  /** A pod that is named must not be passed over in silence. */
  private void refuseProtectedPods(Selector selector, String pointer) {
    Map<String, Pod> living =
        snapshot.living().stream().collect(Collectors.toMap(Pods::object, Function.identity()));
    selector
        .pods()
        .forEach((namespace, names) -> {
          for (int i = 0; i < names.size(); i++) {
            Pod pod = living.get("pod/" + namespace + "/" + names.get(i));
            String place = pointer + "/pods" + SelectorTerm.step(namespace) + "/" + i;
            if (pod != null) {
              protection
                  .ofPod(pod)
                  .ifPresent(why -> {
                    throw new TargetException(place, "pod " + Pods.name(pod) + ": " + why);
                  });
            }
          }
        });
  }
}
