package dev.muster.observe.effect;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.port.AgentPod;
import dev.muster.drill.port.AgentWait;
import dev.muster.drill.port.Effect;
import dev.muster.drill.time.Time;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A probe in a pod of its own reached something once a second, and does not any more. The probe
 * lives as long as the fault, and its namespace ends it.
 */
public final class ConnectivityLost implements Effect {
  /** The port of a kubelet. */
  public static final int KUBELET = 10250;

  private static final int NEEDED = 3;

  /** So many looks before the fault, one a second, and not two of them reached anything. */
  private static final int MOST = 40;

  private final AgentPod pod;
  private final List<String> arguments;
  private final String what;
  private final int window;
  private final int good;
  private final BooleanSupplier gone;
  private final Time time;
  private int seenBefore;
  private int counted;

  /**
   * Where nothing comes through at all.
   *
   * @param what is looked for, in words
   */
  public ConnectivityLost(AgentPod pod, List<String> arguments, String what, Time time) {
    this(pod, arguments, what, 1, NEEDED, () -> false, time);
  }

  /**
   * @param window of so many looks some fail: it lasts as long as one of them did
   * @param good it is over when so many looks in a row succeeded
   * @param gone whether what is looked for is no more
   */
  private ConnectivityLost(
      AgentPod pod,
      List<String> arguments,
      String what,
      int window,
      int good,
      BooleanSupplier gone,
      Time time) {
    this.pod = pod;
    this.arguments = List.copyOf(arguments);
    this.what = what;
    this.window = window;
    this.good = good;
    this.gone = gone;
    this.time = time;
  }

  /**
   * From a pod in the run's own namespace.
   *
   * @param how tcp or dns
   * @param node where the pod runs; empty lets the scheduler choose
   * @param notOn a node where it must not run; empty for none
   */
  public static ConnectivityLost of(
      InjectionContext at,
      String how,
      String host,
      int port,
      String node,
      String notOn,
      boolean hostNetwork) {
    String namespace = at.pods().namespace().name();
    return new ConnectivityLost(
        at.pods().probe(at.fault() + "-probe", namespace, node, notOn, hostNetwork, Map.of()),
        List.of("probe", "what=" + how, "host=" + host, "port=" + port),
        how + " " + host + (how.equals("tcp") ? ":" + port : ""),
        at.time());
  }

  /** The kubelet of the victim, from another node. */
  public static ConnectivityLost ofKubelet(InjectionContext at) {
    return ofKubelet(at, "");
  }

  /**
   * The kubelet of the victim.
   *
   * @param from the node that looks; empty for any other
   */
  public static ConnectivityLost ofKubelet(InjectionContext at, String from) {
    String address =
        Optional.ofNullable(at.probe().nodes().withName(at.node()).get())
            .flatMap(Pods::address)
            .orElseThrow(() ->
                new ClusterException(
                    "node "
                        + at.node()
                        + " has no InternalIP at which its kubelet could be looked for"));
    return of(at, "tcp", address, KUBELET, from, from.isEmpty() ? at.node() : "", true);
  }

  /**
   * Where some looks come through by chance: so many succeed in a row in one of 10,000 cases, but
   * 30 at most.
   *
   * @param percent of the packets that are lost
   */
  public ConnectivityLost lossy(double percent) {
    double kept = Math.max(0.01, 1 - percent / 100.0);
    int looks = (int) Math.clamp(Math.ceil(Math.log(1e-4) / Math.log(kept)), NEEDED, 30);
    return new ConnectivityLost(pod, arguments, what, looks, looks, gone, time);
  }

  /** What is looked for may end: then it is not reached for another reason. */
  public ConnectivityLost until(BooleanSupplier ended) {
    return new ConnectivityLost(pod, arguments, what, window, good, ended, time);
  }

  /** Where some looks fail by chance, a way that loses packets already is told by many in a row. */
  @Override
  public Optional<String> before() throws InterruptedException {
    return window > 1 ? before(looks -> inARow(looks, good)) : before(2);
  }

  /**
   * @param least so many looks must have reached it
   */
  Optional<String> before(int least) throws InterruptedException {
    return before(looks -> looks.stream().filter(AgentEvent.Probe::ok).count() >= least);
  }

  private Optional<String> before(Predicate<List<AgentEvent.Probe>> well)
      throws InterruptedException {
    pod.start(arguments);
    AgentWait.Heard heard =
        AgentWait.until(
            words -> well.test(looks(words)) || looks(words).size() >= MOST, pod::said, pod, time);
    List<AgentEvent.Probe> looks = looks(heard.words());
    if (well.test(looks)) {
      seenBefore = looks.size();
      return Optional.empty();
    }
    return Optional.of(
        looks.size() < MOST ? "the probe does not work: " + heard.why() : unwell(looks));
  }

  private String unwell(List<AgentEvent.Probe> looks) {
    return window > 1 && looks.stream().anyMatch(AgentEvent.Probe::ok)
        ? "%s lost packets before the fault too: %d of %d looks failed"
            .formatted(what, looks.stream().filter(l -> !l.ok()).count(), looks.size())
        : what + " could not be reached before the fault either: " + looks.getLast().detail();
  }

  private static boolean inARow(List<AgentEvent.Probe> looks, int count) {
    return looks.size() >= count && last(looks, count).stream().allMatch(AgentEvent.Probe::ok);
  }

  /** Three looks that failed, in a row or, where some come through, among the last ones. */
  @Override
  public Optional<Map<String, String>> seen() {
    List<AgentEvent.Probe> recent = last(since(), Math.max(NEEDED, window));
    List<AgentEvent.Probe> failed = recent.stream().filter(look -> !look.ok()).toList();
    return failed.size() >= NEEDED
        ? Optional.of(
            Map.of(
                "probe",
                what
                    + (window > 1
                        ? " is not always reached any more: "
                        : " is not reached any more: ")
                    + failed.getLast().why(),
                "looks",
                "%d of the last %d failed, one a second".formatted(failed.size(), recent.size())))
        : Optional.empty();
  }

  @Override
  public Look again() {
    List<AgentEvent.Probe> since = since();
    if (since.size() <= counted) {
      return new Untold("the probe said nothing since the look before");
    }
    counted = since.size();
    if (last(since, window).stream().anyMatch(look -> !look.ok())) {
      return gone.getAsBoolean()
          ? new Spent(Map.of("api-server", what + " is no more"))
          : new Lasts(Map.of("probe", what + " is not reached"));
    }
    return inARow(since, good)
        ? new Over(Map.of("probe", what + " is reached, " + good + " times in a row"))
        : new Untold(what + " is reached, not often enough to tell");
  }

  static List<AgentEvent.Probe> last(List<AgentEvent.Probe> looks, int count) {
    return looks.subList(Math.max(0, looks.size() - count), looks.size());
  }

  /** What was said after {@link #before}. */
  List<AgentEvent.Probe> since() {
    List<AgentEvent.Probe> looks = looks();
    return looks.subList(Math.min(seenBefore, looks.size()), looks.size());
  }

  List<AgentEvent.Probe> beforehand() {
    List<AgentEvent.Probe> looks = looks();
    return looks.subList(0, Math.min(seenBefore, looks.size()));
  }

  private List<AgentEvent.Probe> looks() {
    return looks(pod.said());
  }

  private static List<AgentEvent.Probe> looks(List<AgentLine> words) {
    return words.stream()
        .map(AgentLine::event)
        .filter(AgentEvent.Probe.class::isInstance)
        .map(AgentEvent.Probe.class::cast)
        .toList();
  }

  @Override
  public String unseen() {
    List<AgentEvent.Probe> since = since();
    if (window > 1 && !since.isEmpty()) {
      List<AgentEvent.Probe> recent = last(since, window);
      return "%s: %d of the last %d looks of the probe failed"
          .formatted(what, recent.stream().filter(l -> !l.ok()).count(), recent.size());
    }
    return what
        + (since.isEmpty()
            ? ": the probe said nothing since the fault"
            : ": the probe's last look was " + since.getLast().detail());
  }
}
