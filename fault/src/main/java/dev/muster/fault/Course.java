package dev.muster.fault;

import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.drill.port.AgentPod;
import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.port.Effect;
import dev.muster.drill.port.Power;
import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.wire.InjectionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The course of every fault, whoever carries it: announced with its undo, done, seen by somebody
 * else, held, undone and seen to be. From its announcement on each way out goes through the undo.
 */
public final class Course implements FaultInjection {
  private static final int TTL_TRIES = 300;
  private static final Duration TTL_STEP = Duration.ofSeconds(2);

  private final FaultEventRecorder recorder;
  private final GuardedEffect guarded;
  private final EffectMonitor monitor;
  private final Carrier carrier;
  private final Time time;
  private final FaultMutex mutex;
  private volatile int attempts;
  private volatile boolean armed;
  private volatile boolean reverted;

  /** Why somebody began to undo it; null as long as nobody has. */
  private volatile @Nullable String reverting;

  private volatile Duration arming = Duration.ZERO;

  private Course(FaultEventRecorder recorder, EffectMonitor monitor, Carrier carrier) {
    this.recorder = recorder;
    this.guarded = monitor.guarded();
    this.monitor = monitor;
    this.carrier = carrier;
    this.time = recorder.clock();
    this.mutex = new FaultMutex(time);
  }

  /**
   * By an agent on a node, which ends it by its own clock.
   *
   * @param fresh asked where nobody outside the node could see the end of the fault
   */
  public static Course byAgent(
      FaultEventRecorder recorder,
      InjectionSpec spec,
      String node,
      AgentPod pod,
      Effect effect,
      ResidueScan fresh) {
    EffectMonitor monitor = new EffectMonitor(recorder, effect);
    return new Course(
        recorder, monitor, new AgentCarrier(spec, node, pod, recorder, monitor, fresh));
  }

  /**
   * Through the API server: a deleted pod, a NetworkPolicy, a pod that is asked for it.
   *
   * @param ttl null where there is nothing to undo
   */
  public static Course throughApi(
      FaultEventRecorder recorder, @Nullable Duration ttl, ApiDeed deed, Effect effect) {
    EffectMonitor monitor = new EffectMonitor(recorder, effect);
    return new Course(
        recorder, monitor, new ApiCarrier(ttl, deed, monitor.guarded(), recorder.clock()));
  }

  /**
   * A node without power until the undo. That it is off and that it is on again is believed when
   * the cluster shows it; the provider's own word is not.
   *
   * @param silence of the node, as others see it
   */
  public static Course shutdown(
      FaultEventRecorder recorder, Duration ttl, Power power, Effect silence) {
    EffectMonitor monitor = new EffectMonitor(recorder, silence);
    return new Course(
        recorder, monitor, new PowerCarrier(recorder, power, monitor.guarded(), ttl, false));
  }

  /**
   * Power off and on again at once. The undo is part of the deed; it is armed all the same, for
   * Muster may die between the two.
   *
   * @param booted what shows that the node was started anew
   * @param silence over when it is back
   */
  public static Course reboot(
      FaultEventRecorder recorder, Power power, Effect booted, Effect silence) {
    GuardedEffect off = new GuardedEffect(silence);
    return new Course(
        recorder,
        new EffectMonitor(recorder, booted),
        new PowerCarrier(recorder, power, off, PowerCarrier.REBOOT, true));
  }

  /**
   * A node that an earlier process switched off, as its journal tells: it can be reverted at once.
   */
  public static Course armedBefore(
      Event.FaultArmed fault, Power power, Effect silence, Time time, Consumer<Event> timeline) {
    ObjectRef.Node node = new ObjectRef.Node(fault.victim().name(), fault.victim().uid());
    var recorder = new FaultEventRecorder(fault.fault(), fault.kind(), node, time, timeline);
    Course course = shutdown(recorder, Duration.ZERO, power, silence);
    course.armed = true;
    return course;
  }

  @Override
  public String id() {
    return recorder.fault();
  }

  @Override
  public Duration arming() {
    return arming;
  }

  @Override
  public boolean inject() throws InterruptedException {
    long called = time.nanos();
    Optional<String> objection = carrier.objection();
    if (objection.isEmpty()) {
      objection = guarded.before(); // what is there already would prove nothing
    }
    if (objection.isPresent()) {
      return notVerified("not injected: " + objection.get());
    }
    Duration ttl = carrier.ttl();
    recorder.armed(ttl == null ? null : time.instant().plus(ttl), carrier.identity());
    armed = true;
    if (carrier.undoer() == Carrier.Undoer.MUSTER) {
      Duration length = Objects.requireNonNull(ttl, "it has something to undo");
      time.start("ttl-" + id(), () -> revertAfter(length));
    }
    Carrier.Begun applied = apply();
    Carrier.Begun begun = applied == null ? null : carrier.begun(applied);
    if (begun == null) {
      return false;
    }
    arming = carrier.arming(Duration.ofNanos(begun.nanos() - called));
    if (carrier.undoer() == Carrier.Undoer.MUSTER_AT_ONCE && !revert("a reboot")) {
      return false;
    }
    return verify(begun.at(), called);
  }

  /** In its turn: an undo that came first must not be followed by the deed. Null if not done. */
  private Carrier.@Nullable Begun apply() {
    mutex.take();
    try {
      if (reverted) {
        recorder.notVerified("reverted before it was injected");
        return null;
      }
      Carrier.Begun now = new Carrier.Begun(time.instant(), time.nanos());
      if (!carrier.tellsInjection()) {
        recorder.announce(recorder.injection(Stamp.engine(now.at())));
      }
      try {
        carrier.apply();
        return now;
      } catch (RuntimeException e) {
        recorder.notVerified(carrier.refused() + e.getMessage());
        return null;
      }
    } finally {
      mutex.give();
    }
  }

  /**
   * Looks until the effect is seen, the time is over or somebody begins to undo it, and tells
   * which. What takes its time lasts from when it was seen. It is unfinished by others only where
   * Muster itself could ask and look for most of the time.
   *
   * @param called when the fault was asked for, in nanoseconds of the clock
   */
  private boolean verify(Instant begun, long called) throws InterruptedException {
    Duration patience = carrier.verify();
    Time.Deadline deadline = time.in(patience);
    String refused = "";
    var hindrance = new Hindrance(time);
    while (!deadline.over() && !undoing()) {
      refused = proceed();
      Optional<Map<String, String>> seen = guarded.seen();
      if (carrier.denies(seen.isPresent())) {
        return false;
      }
      if (seen.isPresent()) {
        Map<String, String> evidence = carrier.evidence(seen.get());
        recorder.announce(new Event.FaultVerified(recorder.now(), id(), evidence));
        if (gradual()) {
          arming = Duration.ofNanos(time.nanos() - called);
        }
        monitor.begin(gradual() ? time.instant() : begun);
        return true;
      }
      time.sleep(carrier.step());
      hindrance.passed(refused.isEmpty() ? guarded.trouble() : refused);
    }
    if (undoing()) {
      return notVerified("it was undone before its effect was seen: " + reverting);
    }
    // what could not even be asked for tells nothing of others
    boolean free = refused.isEmpty() && guarded.trouble().isEmpty();
    if (gradual() && free && hindrance.most(patience)) {
      return notVerified(hindrance.words());
    }
    Map<String, String> left = gradual() && refused.isEmpty() ? guarded.left() : Map.of();
    if (left.isEmpty()) {
      return notVerified(guarded.unseen() + refused);
    }
    recorder.unfinished(left);
    return false;
  }

  /** Somebody has begun to undo it; of what is undone at once its effect is seen after that. */
  private boolean undoing() {
    return reverting != null && carrier.undoer() != Carrier.Undoer.MUSTER_AT_ONCE;
  }

  private boolean gradual() {
    return Kinds.is(recorder.kind(), Trait.GRADUAL);
  }

  /**
   * In its turn, and not after the undo. Why it is refused at this moment; empty where it is not.
   */
  private String proceed() {
    mutex.take();
    try {
      if (!reverted && reverting == null) {
        carrier.proceed();
      }
      return "";
    } catch (RuntimeException e) {
      return "; " + carrier.refused() + e.getMessage();
    } finally {
      mutex.give();
    }
  }

  private boolean notVerified(String why) {
    recorder.notVerified(why);
    return false;
  }

  @Override
  public void look() throws InterruptedException {
    if (monitor.due()) {
      monitor.look(carrier.doubts());
    }
  }

  /** Whoever asks while somebody else undoes gets the same answer. */
  @Override
  public boolean revert(String why) {
    int before = attempts;
    reverting = why;
    mutex.take();
    try {
      if (reverted || !armed) {
        reverted = true;
      } else if (attempts == before) {
        reverted = undo(why, before > 0);
        attempts = before + 1;
      }
      return reverted;
    } finally {
      mutex.give();
    }
  }

  private boolean undo(String why, boolean again) {
    // an interrupt, as of Ctrl-C, must not keep the fault
    boolean interrupted = Thread.interrupted();
    try {
      monitor.end();
      recorder.tell(new Event.FaultReverting(recorder.now(), id(), why));
      return recorder.ended(carrier.undo(again));
    } catch (InterruptedException e) {
      interrupted = true;
      return recorder.ended(new Carrier.Unseen("interrupted" + carrier.interrupted()));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void revertAfter(Duration ttl) {
    try {
      time.sleep(ttl);
      // a provider that refuses now may not in a moment
      for (int tries = 0; tries < TTL_TRIES; tries++) {
        if (revert("ttl of " + ttl.toSeconds() + " s is over")) {
          return;
        }
        time.sleep(TTL_STEP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
