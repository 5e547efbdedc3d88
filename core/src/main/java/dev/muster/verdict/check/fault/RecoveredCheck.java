package dev.muster.verdict.check.fault;

import dev.muster.drill.expect.ExpectYaml;
import dev.muster.drill.expect.Expectation;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.coverage.MissingObservation;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.FullStrength;
import dev.muster.verdict.recovery.LostPod;
import dev.muster.verdict.recovery.Phases;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * RTO: from the fault until every pod that was lost serves again (its replacement, or itself on the
 * returned node) and the last interruption is over.
 */
public final class RecoveredCheck implements Check {
  public static final Expectation<Duration> WITHIN =
      Expectation.within(
              "recovered", "the service had all its replicas back in its endpoints so soon")
          .waited()
          .rules(RecoveredCheck::rules);

  private static void rules(ExpectYaml yaml) {
    if (yaml.faults().all(Trait.SPARES_PODS)) {
      yaml.refuse(
          "",
          "recovered can not be answered: %s leaves every pod where it is and Ready; interruption"
                  .formatted(yaml.faults().words())
              + " and availability tell what clients felt");
    } else if (!yaml.faults().none(Trait.OF_WORKLOADS)) {
      yaml.refuse(
          "",
          "recovered can not be answered: %s has pods ended by their controller, and nothing tells"
                  .formatted(yaml.faults().words(Trait.OF_WORKLOADS))
              + " those from lost ones; interruption and lostRequests tell what clients felt");
    }
  }

  @Override
  public String name() {
    return "recovered";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(WITHIN);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOAD, Need.WATCHES);
  }

  @Override
  public Harm byOthers() {
    return Harm.TIMED;
  }

  @Override
  public List<Finding> judge(History history) {
    var within = WITHIN.in(history.drill());
    if (within == null) {
      return List.of();
    }
    return List.of(
        Recovery.of(history)
            .map(recovery -> judge(recovery, within))
            .orElseGet(() -> Finding.inconclusive(name(), Sentence.of("no fault was injected"))));
  }

  private Finding judge(Recovery recovery, Duration within) {
    var losses = LostPod.of(recovery);
    if (losses.isEmpty()) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "no pod of the target is known to have been lost to %s", recovery.victim().name()));
    }
    var gone = losses.stream().filter(loss -> loss.back().isEmpty()).map(LostPod::pod).toList();
    if (!gone.isEmpty()) {
      var missing = gone.stream().map(ObjectRef.Pod::name).toList();
      // one that was evicted ends with its node's return
      boolean nodeBack =
          recovery.reachedByVictim(Milestone.NODE_READY).isPresent()
              && gone.stream()
                  .allMatch(pod -> recovery.reachedByPod(Milestone.POD_EVICTED, pod).isEmpty());
      var why =
          Sentence.of(
              "%s and no replacement of it was seen serving again", Sentence.names(", ", missing));
      return nodeBack
          ? Finding.inconclusive(
              name(), Sentence.of("%s, but its node is back and may serve it", why))
          : MissingObservation.finding(name(), recovery, within, why);
    }
    return FullStrength.of(recovery)
        .map(full -> judge(recovery, within, full))
        .orElseGet(() -> neverEnded(recovery, within));
  }

  private Finding neverEnded(Recovery recovery, Duration within) {
    double seconds = recovery.since(recovery.loadEnd());
    boolean late = seconds > within.toNanos() / 1e9;
    return new Finding(
        name(),
        late ? Status.FAIL : Status.INCONCLUSIVE,
        null,
        within.toNanos() / 1e9,
        "s",
        Sentence.of(
            "clients got no answer any more when the load ended %.1f s after the fault", seconds),
        List.of());
  }

  private Finding judge(Recovery recovery, Duration within, FullStrength full) {
    double seconds = recovery.since(full.at());
    double bound = within.toNanos() / 1e9;
    boolean late = seconds > bound;
    boolean perhaps = recovery.since(full.latest()) > bound;
    var restored =
        Sentence.of("the service was back to full strength %.1f s after the fault", seconds);
    return new Finding(
        name(),
        late ? Status.FAIL : perhaps ? Status.INCONCLUSIVE : Status.PASS,
        seconds,
        bound,
        "s",
        late
            ? Phases.blamed(restored, recovery, recovery.fault(), full.at())
            : perhaps
                ? Sentence.of(
                    "%s, or as late as %.1f s: no answer came between",
                    restored, recovery.since(full.latest()))
                : restored,
        full.back().stream().map(recovery::evidence).toList(),
        Sample.of(full.back().size(), recovery.fault(), full.at()));
  }
}
