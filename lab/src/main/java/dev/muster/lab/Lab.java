package dev.muster.lab;

import dev.muster.drill.port.Power;
import dev.muster.drill.port.Progress;
import dev.muster.lab.build.Binaries;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.ProcessId;
import dev.muster.lab.node.Addresses;
import dev.muster.lab.node.Fabric;
import dev.muster.lab.node.Image;
import dev.muster.lab.node.LabSpec;
import dev.muster.lab.node.LabState;
import dev.muster.lab.node.Leftovers;
import dev.muster.lab.node.Node;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Kubernetes on this machine, known by its folder. Every act reads the state from disk, so
 * that several processes can use the same lab; none of them needs to live for the lab to go on.
 */
public final class Lab {
  private final Path folder;
  private final LabState state;

  Lab(Path folder, LabState state) {
    this.folder = folder;
    this.state = state;
  }

  /** Starts a lab; blocks until nodes and add-ons are ready. */
  public static Lab up(
      LabSpec spec,
      Binaries binaries,
      List<Image> images,
      Path labs,
      Path cache,
      Progress progress) {
    return new Start(spec, binaries, images, labs, cache, progress).run();
  }

  public static Optional<Lab> find(Path labs, String name) {
    Path folder = labs.resolve(LabSpec.checked(name));
    return LabState.read(folder).map(state -> new Lab(folder, state));
  }

  public static List<String> names(Path labs) {
    if (!Files.isDirectory(labs)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(labs)) {
      return all.filter(Files::isDirectory).map(p -> p.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new LabException("can not list " + labs + ": " + Trouble.why(e));
    }
  }

  /** A start that did not end and whose process is gone, or that left no state. */
  public static boolean cutShort(Path labs, String name) {
    return LabState.read(labs.resolve(name))
        .map(state -> !state.complete() && !state.owner().alive())
        .orElse(true);
  }

  /**
   * Takes a lab down in whatever state it is; nothing of it remains on the host. Idempotent.
   *
   * @throws LabException if the lab of that name is another home's
   */
  public static void down(Path labs, String name) {
    Path folder = labs.resolve(LabSpec.checked(name));
    Leftovers.refuseStrangers(name, folder);
    LabState.read(folder)
        .ifPresent(state -> {
          Fabric fabric = new Fabric(new Addresses(name, state.index()));
          state.nodes().forEach(fabric::cutQuietly);
          state.nodes().stream().flatMap(n -> Stream.ofNullable(n.holder())).forEach(Lab::killTree);
          state.processes().values().forEach(ProcessId::kill);
          fabric.leaveHost();
        });
    Leftovers.remove(name, folder);
  }

  private static void killTree(ProcessId holder) {
    holder.children().forEach(ProcessId::kill);
    holder.kill();
  }

  public String name() {
    return state.name();
  }

  public String kubernetes() {
    return state.kubernetes();
  }

  public Path folder() {
    return folder;
  }

  public Path logs() {
    return folder.resolve("logs");
  }

  public boolean complete() {
    return state.complete();
  }

  /** Complete, and its control plane lives: a lab of before a reboot is none. */
  public boolean running() {
    return state.complete() && state.processes().values().stream().allMatch(ProcessId::alive);
  }

  /** Settings of the control plane that no API tells; empty where they are Kubernetes' defaults. */
  public Map<String, String> blame() {
    String grace = "node-monitor-grace-period";
    String set = state.settings().get("kube-controller-manager." + grace);
    return Map.of(grace, set == null ? "" : set);
  }

  public Path kubeconfig() {
    return folder.resolve("pki/admin.conf");
  }

  /** The load balancer's address: where clients come in; null where there is no ingress. */
  public @Nullable URI url() {
    return ingress() ? balancer().url() : null;
  }

  /** Null where there is no ingress. */
  public @Nullable URI loadBalancerStatistics() {
    return ingress() ? balancer().statistics() : null;
  }

  private boolean ingress() {
    return state.processes().containsKey(LoadBalancer.NAME);
  }

  public Power power() {
    return new LabPower(folder);
  }

  List<Node> allNodes() {
    return state.nodes();
  }

  public List<String> nodes() {
    return state.nodes().stream().map(Node::name).toList();
  }

  /** kubectl for this lab, not started yet. */
  public ProcessBuilder kubectl(List<String> arguments) {
    Path program = Path.of(LabPower.parts(folder).binaries()).resolve("kubectl");
    return new Kubectl(program, kubeconfig()).builder(arguments);
  }

  private LoadBalancer balancer() {
    return new LoadBalancer(new Addresses(state.name(), state.index()), folder);
  }
}
