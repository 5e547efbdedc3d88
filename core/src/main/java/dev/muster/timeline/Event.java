package dev.muster.timeline;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a run. The timeline is the append-only sequence of these; every
 * verdict and every report is computed from it and the ledger alone.
 *
 * <p>Written as one JSON object a line with a {@code type} that is the record's simple name. A new
 * kind of event is one new record here; the exhaustive switches then show what must know it.
 */
public sealed interface Event {

  /** When and according to whom. */
  Stamp stamp();

  /** A run began. {@code environment}: what a reader needs to repeat it (versions, machine …). */
  record RunStarted(Stamp stamp, String run, String drill, Map<String, String> environment)
      implements Event {}

  /**
   * A phase of the run (prepare, preflight, settle, baseline, inject, observe, revert, hold,
   * recover, verify, audit) began.
   */
  record PhaseStarted(Stamp stamp, String phase) implements Event {}

  /** A phase ended; {@code failure} says why it did not end well. */
  record PhaseEnded(Stamp stamp, String phase, @Nullable String failure) implements Event {}

  /** What the cluster looked like when the drill began: the settings that later carry the blame. */
  record SettingObserved(Stamp stamp, String name, String value, ObjectRef where)
      implements Event {}

  /**
   * The fault's undo is known and on disk; nothing has been done yet. Written before {@link
   * FaultInjected}.
   *
   * @param ttl when it is undone at the latest; null where there is nothing to undo, as of a kill
   */
  record FaultArmed(
      Stamp stamp,
      String fault,
      String kind,
      ObjectRef.Victim victim,
      @Nullable Instant ttl,
      Map<String, String> undo)
      implements Event {}

  /**
   * The disturbance was done. {@code stamp} is the moment just before the call that causes it,
   * since nothing that clients feel may come before its cause; what an agent does, it does within
   * the stamp's uncertainty from then. Written when that is known, which may be a little later.
   */
  record FaultInjected(Stamp stamp, String fault, String kind, ObjectRef.Victim victim)
      implements Event {}

  /** An observation that is independent of the injector showed the effect. */
  record FaultVerified(Stamp stamp, String fault, Map<String, String> evidence) implements Event {}

  /**
   * While the fault is held somebody other than its injector saw the effect once more. Written
   * every few seconds, the longer it lasts the more seldom, and for the last look before the undo.
   */
  record EffectSeen(Stamp stamp, String fault, Map<String, String> evidence) implements Event {}

  /**
   * The effect was over before the fault was undone: somebody took it away, or it died.
   *
   * @param why what was seen instead, and by whom
   * @param lasted from the injection to the last look that saw it
   */
  record EffectLost(Stamp stamp, String fault, String why, Duration lasted) implements Event {}

  /** The effect was looked for and not seen: the run cannot yield a pass. */
  record FaultNotVerified(Stamp stamp, String fault, String why) implements Event {}

  /** Begun and not done in its time: {@code left} says what, and what kept it from that. */
  record FaultUnfinished(Stamp stamp, String fault, Map<String, String> left) implements Event {}

  /** The undo of the fault began. */
  record FaultReverting(Stamp stamp, String fault, String why) implements Event {}

  /**
   * The undo is complete, since {@code stamp}; {@code evidence} tells who saw that, beside the one
   * who undid it. Written when it was seen.
   */
  record FaultReverted(Stamp stamp, String fault, Map<String, String> evidence) implements Event {}

  /** The undo could not be done or verified. */
  record FaultNotReverted(Stamp stamp, String fault, String why) implements Event {}

  /**
   * Nobody saw whether the fault is undone: its agent was not heard and nobody could look on the
   * node, as where the cluster does not answer.
   */
  record FaultRevertUnseen(Stamp stamp, String fault, String why) implements Event {}

  /** What the agent of a fault said, on the node's own clock ({@code sourceTime}). */
  record AgentSaid(Stamp stamp, String fault, String node, String what, Map<String, String> detail)
      implements Event {}

  /** Preflight said no, and the user said go on all the same. */
  record PreflightForced(Stamp stamp, List<String> refusals) implements Event {}

  /**
   * An event that ends a phase of recovery. Pods in {@code detail} ({@code pod}, {@code replaces})
   * are the text of an {@link ObjectRef.Pod}.
   */
  record MilestoneReached(
      Stamp stamp, Milestone milestone, ObjectRef object, Map<String, String> detail)
      implements Event {}

  /** Load began; {@code stamp} is the origin of the ledger's intended times. */
  record LoadStarted(Stamp stamp, long seed, String arrivals) implements Event {}

  /**
   * Load ended: so many requests were scheduled; the generator's own lag tells whether it can be
   * trusted.
   *
   * @param canary null where none told whether the generator read in time
   */
  record LoadEnded(
      Stamp stamp,
      long scheduled,
      double sendLagP99Millis,
      double sendLagMaxMillis,
      @Nullable CanaryLag canary)
      implements Event {
    /** Of the 99th percentile: what was sent later than this tells nothing of a service. */
    public static final double LATEST_MILLIS = 250;
  }

  /**
   * By how much the generator read a stream of known timing late.
   *
   * @param events of that stream that were read
   */
  record CanaryLag(long events, double p99Millis, double maxMillis) {}

  /**
   * The generator was late in that time: its canary, a stream of known timing that the same threads
   * read, came so much later than it should.
   */
  record GeneratorLate(Stamp stamp, Instant from, Duration length, Duration lag) implements Event {}

  /**
   * A pod that sent a part of the load has ended it, and all its rows are home.
   *
   * @param part from 0
   * @param clockAhead of the engine's clock, before the pod's: the ledger has the engine's times
   * @param clockUncertainty so much the times of its rows may be off, either way
   */
  record LoadPodEnded(
      Stamp stamp,
      int part,
      String pod,
      String node,
      long rows,
      Duration clockAhead,
      Duration clockUncertainty)
      implements Event {}

  /**
   * A pod that sent a part of the load is gone, or did not tell everything: what it sent after the
   * rows that came of it, nobody knows.
   *
   * @param part from 0
   * @param rows so many came home
   */
  record LoadPodLost(Stamp stamp, int part, String pod, String node, long rows, String why)
      implements Event {}

  /**
   * A watch or probe stopped seeing: between this, less the uncertainty of its stamp, and {@link
   * ObservationResumed} absence proves nothing. What changed meanwhile is told after it, in stamps
   * as uncertain as the gap is long.
   */
  record ObservationLost(Stamp stamp, String what, String why) implements Event {}

  /** A lost watch or probe sees again. */
  record ObservationResumed(Stamp stamp, String what) implements Event {}

  /**
   * What only {@code what} (prometheus, elasticsearch …) can tell is not known. Unlike {@link
   * ObservationLost} it says nothing about the watches of Kubernetes.
   */
  record NotObserved(Stamp stamp, String what, String why) implements Event {}

  /**
   * An alert fires, as Prometheus said when it was asked again; {@code sourceTime} is since when
   * its expression holds.
   */
  record AlertFired(Stamp stamp, String alert, Map<String, String> labels) implements Event {}

  /** An alert that fired does not any more, as Prometheus said when it was asked again. */
  record AlertResolved(Stamp stamp, String alert, Map<String, String> labels) implements Event {}

  /** Alertmanager has the alert; {@code sourceTime} is its {@code startsAt}. */
  record AlertHeld(Stamp stamp, String alert, Map<String, String> labels, List<String> receivers)
      implements Event {}

  /** Alertmanager tells nobody of the alert; {@code by} is the silence, who made it and why. */
  record AlertSilenced(Stamp stamp, String alert, Map<String, String> labels, String by)
      implements Event {}

  /**
   * A notification of Alertmanager's arrived at {@code muster-receiver}, at {@code stamp} on the
   * receiver's clock.
   *
   * @param status firing or resolved
   * @param startsAt as Alertmanager tells it, like {@code endsAt}
   */
  record AlertNotified(
      Stamp stamp,
      String alert,
      Map<String, String> labels,
      String status,
      String receiver,
      @Nullable Instant startsAt,
      @Nullable Instant endsAt)
      implements Event {}

  /**
   * Prometheus's own record of an alert that fired: from {@code stamp} to {@code resolved}, whose
   * {@code sourceTime} are times of its evaluations; null while it still fires.
   */
  record AlertRecorded(
      Stamp stamp, String alert, Map<String, String> labels, @Nullable Stamp resolved)
      implements Event {}

  /**
   * The rule of an alert as Prometheus has it.
   *
   * @param holds so long its expression must hold before it fires
   * @param interval from one evaluation to the next
   * @param trouble why it may never fire; null where nothing speaks against it
   */
  record AlertRuleSeen(
      Stamp stamp,
      String alert,
      String query,
      Duration holds,
      Duration interval,
      @Nullable String trouble)
      implements Event {}

  /**
   * All that {@code source} (prometheus, alertmanager, muster-receiver) knows of alerts in this
   * time has been written: what is not in the timeline was not there.
   */
  record AlertsRead(Stamp stamp, String source, Instant from, Instant to) implements Event {}

  /**
   * Muster itself stood still (SIGSTOP, a suspended machine, a collector of garbage): what it would
   * have seen from {@code from} on for {@code length}, it did not see.
   */
  record EnginePaused(Stamp stamp, Instant from, Duration length) implements Event {}

  /**
   * Somebody set this machine's clock: the wall clock is {@code by} later (negative: earlier) than
   * the time that passed. Stamps go on as before, on a clock that nobody sets; whoever tells times
   * of the wall clock of this machine tells others from here on.
   */
  record ClockStepped(Stamp stamp, Duration by) implements Event {}

  /** The drill was ended early. */
  record RunAborted(Stamp stamp, String why) implements Event {}

  /**
   * What of ours was still there after the run; empty lists mean that every place was looked at and
   * clean.
   *
   * @param notLookedAt where a fault was, or may have been, and nobody could look
   * @param passedOver where no fault was and nobody looked; absent in earlier timelines
   */
  record ResidueAudited(
      Stamp stamp, List<String> residue, List<String> notLookedAt, List<String> passedOver)
      implements Event {
    public ResidueAudited {
      passedOver = Objects.requireNonNullElse(passedOver, List.of());
    }

    public ResidueAudited(Stamp stamp, List<String> residue, List<String> notLookedAt) {
      this(stamp, residue, notLookedAt, List.of());
    }
  }

  /**
   * A run ended.
   *
   * @param seal SHA-256 in hexadecimal digits of each file that the verdict is computed from beside
   *     the timeline, by its name; empty where the Muster that wrote it had no seal
   */
  record RunEnded(Stamp stamp, Map<String, String> seal) implements Event {
    @SuppressWarnings("NullAway") // absent in files of earlier versions
    public RunEnded {
      seal = seal == null ? Map.of() : Map.copyOf(seal);
    }

    public RunEnded(Stamp stamp) {
      this(stamp, Map.of());
    }
  }

  /**
   * The target's pods that were on a node when a fault was about to take it: what is lost with the
   * node, whatever was there earlier.
   */
  record VictimHosts(Stamp stamp, ObjectRef.Node node, List<ObjectRef.Pod> pods) implements Event {}

  /**
   * Somebody else changed the cluster while the drill went on, as its watches saw it.
   *
   * @param detail what it was and what it is now, where that can be said
   */
  record OutsideChange(Stamp stamp, ObjectRef object, Change change, Map<String, String> detail)
      implements Event {}

  /**
   * A pod was seen first, or its readiness changed. {@code ready}: Ready and not told to go; {@code
   * workload}: a Deployment in place of its ReplicaSet; {@code revision}: the hash of its template.
   */
  record PodSeen(Stamp stamp, ObjectRef.Pod pod, ObjectRef workload, String revision, boolean ready)
      implements Event {}

  /** On which node each pod of the target's namespace was. */
  record PodsPlaced(Stamp stamp, Map<ObjectRef.Pod, ObjectRef.Node> nodes) implements Event {}

  /**
   * Everything of one source was read into the run's traces.
   *
   * @param rows so many; fewer in the file mean that the file is not whole
   */
  record TracesRead(Stamp stamp, Trace.Source source, long rows, Map<String, String> detail)
      implements Event {}

  /**
   * The service's etcd is not as at the look before.
   *
   * @param leader by its pod; empty where no member knows one, which is what a lost quorum means
   * @param silent members that did not answer
   */
  record EtcdChanged(
      Stamp stamp, String leader, long term, List<String> answering, List<String> silent)
      implements Event {}

  /** What the members of the service's etcd hold at one and the same revision. */
  record EtcdHashed(Stamp stamp, long revision, List<Member> members) implements Event {
    /**
     * @param hash of all keys with values and revisions; null where they could not be read
     * @param keys so many
     * @param revision the member's own
     * @param applied its index in the log that all members share
     * @param why there is no hash; null where there is one
     */
    public record Member(
        String name,
        @Nullable String hash,
        long keys,
        long revision,
        long applied,
        @Nullable String why) {}
  }

  /**
   * What gateways know of workers is not as at the look before.
   *
   * @param registered the workers that etcd knows
   * @param ready the workers' pods that are Ready
   */
  record CachesChanged(Stamp stamp, List<String> registered, List<String> ready, List<Cache> caches)
      implements Event {
    /**
     * @param workers that this gateway knows
     * @param revision of etcd that it has seen
     * @param why it was not told; null where it was
     */
    public record Cache(String pod, List<String> workers, long revision, @Nullable String why) {}
  }

  /** So many lines of the log store match a query of the drill. */
  record LogsCounted(Stamp stamp, String query, Instant from, Instant to, long lines)
      implements Event {}

  /**
   * A database's answer to a question of the drill.
   *
   * @param database its address without what may be secret
   * @param answer first column of the first row; null where it was NULL or there was no row
   */
  record SqlAnswered(Stamp stamp, String database, String query, @Nullable String answer)
      implements Event {}
}
