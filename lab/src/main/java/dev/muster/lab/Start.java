package dev.muster.lab;

import dev.muster.drill.port.Progress;
import dev.muster.lab.build.Binaries;
import dev.muster.lab.host.Command;
import dev.muster.lab.host.Inotify;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.ProcessId;
import dev.muster.lab.host.Wait;
import dev.muster.lab.node.Addresses;
import dev.muster.lab.node.Boot;
import dev.muster.lab.node.Fabric;
import dev.muster.lab.node.GoldenImages;
import dev.muster.lab.node.Image;
import dev.muster.lab.node.LabSpec;
import dev.muster.lab.node.LabState;
import dev.muster.lab.node.Leftovers;
import dev.muster.lab.node.Node;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One start of a lab, in the order in which its parts need each other. State is written before each
 * step.
 */
final class Start {
  /** Of this machine, whoever starts labs on it. */
  private static final Path CLAIM = Path.of("/run/muster-lab.lock");

  /** Of a machine that is emulated, ten times over; who ended is not waited for. */
  private static final Duration API = Duration.ofMinutes(20);

  private static final Duration NODES = Duration.ofMinutes(2);
  private static final Duration COUNTED = Duration.ofSeconds(2);

  private final LabSpec spec;
  private final Binaries binaries;
  private final GoldenImages images;
  private final List<Image> imageList;
  private final Path labs;
  private final Path cache;
  private final Progress progress;

  Start(
      LabSpec spec,
      Binaries binaries,
      List<Image> images,
      Path labs,
      Path cache,
      Progress progress) {
    this.spec = spec;
    this.binaries = binaries;
    this.imageList = images;
    this.images = new GoldenImages(cache, images);
    this.labs = labs;
    this.cache = cache;
    this.progress = progress;
  }

  Lab run() {
    Path folder = labs.resolve(spec.name());
    refuseIfThere(folder);
    refuseIfWatchesRunOut();
    images.ensure(progress);
    try {
      Files.createDirectories(folder.resolve("logs"));
    } catch (IOException e) {
      throw new LabException("can not write " + folder + ": " + e.getMessage());
    }
    try {
      LabState state = claim(folder);
      return start(folder, new Addresses(state.name(), state.index()), state);
    } catch (RuntimeException e) {
      boolean interrupted = Thread.interrupted(); // taking down must not be cut short as well
      keepLogs(folder);
      Lab.down(labs, spec.name());
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  /**
   * Takes an index: it is another's once its link is there, so no other lab may look in between.
   */
  private LabState claim(Path folder) {
    try (FileChannel channel =
            FileChannel.open(CLAIM, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      Addresses at = new Addresses(spec.name(), freeIndex());
      LabState state =
          new LabState(
              spec.name(),
              at.index(),
              spec.kubernetes(),
              false,
              ProcessId.of(ProcessHandle.current().pid()),
              flat(spec.settings()),
              nodes(at),
              Map.of());
      state.write(folder);
      new Fabric(at).up();
      return state;
    } catch (IOException e) {
      throw new LabException("can not lock " + CLAIM + ": " + e.getMessage());
    }
  }

  private Lab start(Path folder, Addresses at, LabState initial) {
    LabState state = initial;
    Fabric fabric = new Fabric(at);
    ControlPlane plane = new ControlPlane(at, folder, binaries.kubernetes(), spec.settings());
    progress.say("network and certificates");
    Thread credentials = Thread.ofVirtual().unstarted(() -> plane.credentials(initial.nodes()));
    credentials.start();
    fabric.attach("cp", 0, at.controlPlane(), state.nodes());
    state = keep(folder, state.with("etcd", plane.etcd()));
    join(credentials);
    progress.say("control plane, Kubernetes " + spec.kubernetes());
    state = keep(folder, state.with("kube-apiserver", plane.apiServer()));
    if (spec.ingress()) {
      ProcessId balancer = new LoadBalancer(at, folder).start(state.nodes());
      state = keep(folder, state.with(LoadBalancer.NAME, balancer));
    }
    Boot.Parts parts =
        new Boot.Parts(spec, binaries.kubernetes().toString(), cache.toString(), imageList);
    LabPower.remember(folder, parts);
    Boot boot = parts.boot(at, folder);
    for (Node node : state.nodes()) {
      boot.tell(node, true);
      state = keep(folder, state.with(boot.on(node, state.nodes())));
    }
    Kubectl kubectl =
        new Kubectl(binaries.kubernetes().resolve("kubectl"), folder.resolve("pki/admin.conf"));
    NotReady notReady = new NotReady(kubectl, folder.resolve("logs"));
    try (ApiServer api = ApiServer.of(kubectl.kubeconfig())) {
      Pace pace = awaitApi(api, state, notReady);
      state.nodes().forEach(node -> boot.tell(node, false));
      state = keep(folder, state.with("kube-controller-manager", plane.controllerManager()));
      state = keep(folder, state.with("kube-scheduler", plane.scheduler()));
      AddOns addOns =
          new AddOns(kubectl, folder, at.fabric(), spec.ingress() ? binaries.contourCrds() : null);
      addOns.apply();
      PolicyEnforcer enforcer = new PolicyEnforcer(at, folder);
      ProcessId enforcing = enforcer.start(state.nodes());
      state = keep(folder, state.with(PolicyEnforcer.NAME, enforcing));
      progress.say("waiting for " + state.nodes().size() + " nodes");
      awaitNodes(state.nodes(), api, notReady, pace.limit(NODES));
      progress.say("all " + state.nodes().size() + " nodes are Ready");
      addOns.awaitReady(progress, pace);
      enforcer.awaitFirstPass(pace, enforcing, notReady);
      state = keep(folder, state.completed());
      return new Lab(folder, state);
    }
  }

  private static Pace awaitApi(ApiServer api, LabState state, NotReady logs) {
    long began = System.nanoTime();
    List<String> ended = new ArrayList<>();
    boolean there =
        Wait.until(
            () -> {
              state
                  .processes()
                  .forEach((name, process) -> {
                    if (!process.alive()) {
                      ended.add(name + " ended" + logs.last(name + ".log", _ -> true).orElse(""));
                    }
                  });
              return !ended.isEmpty() || api.ready();
            },
            API);
    if (!ended.isEmpty()) {
      throw new LabException(String.join("\n", ended));
    }
    if (!there) {
      throw new LabException("kube-apiserver is not ready after " + API.toSeconds() + " s");
    }
    return new Pace(Duration.ofNanos(System.nanoTime() - began));
  }

  /** A node whose boot ended is not waited for. */
  private static void awaitNodes(
      List<Node> nodes, ApiServer api, NotReady notReady, Duration each) {
    long began = System.nanoTime();
    AtomicReference<Set<String>> ready = new AtomicReference<>(Set.of());
    int before;
    do { // as long as one more becomes Ready in the time
      before = ready.get().size();
      int known = before;
      Wait.until(
          () -> {
            ready.set(api.readyNodes());
            return ready.get().size() > known || nodes.stream().anyMatch(Start::ended);
          },
          each);
      if (ready.get().size() == nodes.size()) {
        return;
      }
    } while (ready.get().size() > before && nodes.stream().noneMatch(Start::ended));
    throw new LabException(
        "%d of %d nodes are ready after %d s\n%s"
            .formatted(
                ready.get().size(),
                nodes.size(),
                Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                nodes.stream()
                    .filter(n -> !ready.get().contains(n.name()))
                    .map(notReady::why)
                    .collect(Collectors.joining("\n"))));
  }

  private static boolean ended(Node node) {
    ProcessId holder = node.holder();
    return holder == null || !holder.alive();
  }

  private static LabState keep(Path folder, LabState state) {
    state.write(folder);
    return state;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }

  private void refuseIfThere(Path folder) {
    LabState.read(folder)
        .ifPresent(state -> {
          throw new LabException(
              state.complete() || state.owner().alive()
                  ? "lab %s is up already; use it, or: muster lab down --name %s"
                      .formatted(spec.name(), spec.name())
                  : "a start of lab %s was cut short; first: muster lab down --name %s"
                      .formatted(spec.name(), spec.name()));
        });
    Leftovers.refuseStrangers(spec.name(), folder);
    if (!Leftovers.of(spec.name(), folder).isEmpty()) {
      Lab.down(labs, spec.name());
    }
  }

  /**
   * Before anything is started: a kubelet without them says so in its own log only. One count may
   * be too high: what forks has its parent's files until it becomes another program.
   */
  private void refuseIfWatchesRunOut() {
    Wait.until(() -> lacking().isEmpty(), COUNTED);
    lacking()
        .ifPresent(why -> {
          throw new LabException(why);
        });
  }

  private Optional<String> lacking() {
    return Optional.ofNullable(Inotify.of(Path.of("/proc"))).flatMap(i -> i.refusal(spec.nodes()));
  }

  /** The smallest index that no link on this host uses: labs of other users count too. */
  private static int freeIndex() {
    String links = Command.run("ip", "-o", "link");
    return IntStream.range(0, 100)
        .filter(i -> !links.contains("mstr" + i + "-host"))
        .findFirst()
        .orElseThrow(() -> new LabException("100 labs are up already"));
  }

  private List<Node> nodes(Addresses at) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 1; i <= spec.nodes(); i++) {
      String name = i == spec.nodes() ? LabSpec.OPS : "node-" + i;
      String zone = spec.zones().get((i - 1) % spec.zones().size());
      nodes.add(new Node(i, name, zone, at.node(i), at.pods(i), null));
    }
    return nodes;
  }

  private static Map<String, String> flat(Map<String, Map<String, String>> settings) {
    Map<String, String> flat = new TreeMap<>();
    settings.forEach((c, flags) -> flags.forEach((f, v) -> flat.put(c + "." + f, v)));
    return flat;
  }

  /** A failed start is taken down, but what its programs said is worth keeping. */
  private void keepLogs(Path folder) {
    Path kept = cache.resolve("failed-lab-" + spec.name());
    Command.tried(List.of("rm", "-rf", kept.toString()), Map.of());
    Command.tried(
        List.of("cp", "-a", folder.resolve("logs").toString(), kept.toString()), Map.of());
    progress.say("the logs of the failed start are in " + kept);
  }
}
