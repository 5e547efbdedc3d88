package dev.muster.verdict.recovery;

import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** Whether harm that clients felt began with something that the fault set in motion. */
final class Cause {
  /** So long after its cause harm may begin though somebody was answered in between. */
  private static final Duration SOON = Duration.ofSeconds(5);

  /** A milestone is seen a little after what clients feel of it. */
  private static final Duration SEEN = Duration.ofSeconds(1);

  private Cause() {}

  /**
   * A link of the chain (a fault, a milestone of its victims, of their pods and of those in their
   * place, a pod of a workload that a fault changed) lies just before the harm, or nobody was
   * answered between the two.
   */
  static boolean known(Recovery recovery, Instant harm) {
    return carried(recovery)
        && links(recovery)
            .filter(link -> !link.isAfter(harm.plus(SEEN)))
            .anyMatch(
                link -> !harm.isAfter(link.plus(SOON)) || answered(recovery, link, harm) == 0);
  }

  /** Something of the service was on a victim, as far as anybody told where it was. */
  private static boolean carried(Recovery recovery) {
    var settings = new Settings(recovery.history());
    var others = settings.placed("pod");
    boolean told = !others.isEmpty() || !settings.placed("targetPod").isEmpty();
    return !told
        || recovery.victims().stream().anyMatch(ObjectRef.Pod.class::isInstance)
        || recovery.victims().stream().anyMatch(ObjectRef.Workload.class::isInstance)
        || !recovery.lostPods().isEmpty()
        || !recovery.reached(Milestone.LOAD_BALANCER_REMOVED).isEmpty()
        || others.stream().anyMatch(p -> recovery.victims().stream().anyMatch(p.node()::is));
  }

  private static Stream<Instant> links(Recovery recovery) {
    return Stream.of(
            Stream.of(recovery.fault()),
            recovery.begins(),
            Recovery.events(recovery.history(), MilestoneReached.class)
                .map(m -> m.stamp().at())
                .filter(at -> !at.isBefore(recovery.fault())),
            ChangedWorkloads.turns(recovery.history()))
        .flatMap(links -> links);
  }

  private static long answered(Recovery recovery, Instant from, Instant to) {
    return recovery.history().ledger().stream()
        .filter(r -> r.answered())
        .filter(r -> r.intended().isAfter(from) && r.intended().isBefore(to))
        .count();
  }
}
