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
import dev.muster.verdict.recovery.LostPod;
import dev.muster.verdict.recovery.Phases;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** From the fault until each of the target's pods on the victim has a replacement that is Ready. */
public final class ReplacedPodsCheck implements Check {
  private static final Expectation<Duration> WITHIN =
      Expectation.within(
              "replacedPods",
              "every target pod that was on the victim has a ready replacement so soon after the"
                  + " fault")
          .rules(ReplacedPodsCheck::rules);

  private static void rules(ExpectYaml yaml) {
    if (yaml.faults().allInPods()) {
      yaml.refuse(
          "",
          "replacedPods can not be answered: %s ends its container, and the kubelet starts that"
                  .formatted(yaml.faults().words())
              + " again in the same pod; recovered tells when");
    } else if (!yaml.faults().none(Trait.OF_WORKLOADS)) {
      yaml.refuse(
          "",
          "replacedPods can not be answered: %s has pods made by their controller, and nothing tells"
                  .formatted(yaml.faults().words(Trait.OF_WORKLOADS))
              + " those from replacements of lost ones; interruption and lostRequests tell what"
              + " clients felt");
    } else {
      yaml.needs(Trait.REPLACES_PODS, "makes anybody replace a pod");
    }
  }

  @Override
  public String name() {
    return "replacedPods";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(WITHIN);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.WATCHES);
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
    var losses =
        LostPod.of(recovery).stream().filter(l -> recovery.needsReplacement(l.pod())).toList();
    if (losses.isEmpty()) {
      return Finding.inconclusive(
          name(), Sentence.of("no pod of the target is known to have needed a replacement"));
    }
    var open =
        losses.stream()
            .filter(loss -> loss.reached(Milestone.REPLACEMENT_READY).isEmpty())
            .toList();
    if (!open.isEmpty()) {
      return MissingObservation.finding(
          name(),
          recovery,
          within,
          recovery.victim() instanceof ObjectRef.Node node
              ? Sentence.of(
                  "%d of %d pods on %s were not replaced (%s): %s",
                  open.size(),
                  losses.size(),
                  nodes(losses, node),
                  open.getFirst().pod().name(),
                  standstill(recovery))
              : Sentence.of(
                  "of %d lost pods %d were not replaced (%s): %s",
                  losses.size(), open.size(), open.getFirst().pod().name(), standstill(recovery)));
    }
    var ready =
        losses.stream()
            .flatMap(loss -> loss.reached(Milestone.REPLACEMENT_READY).stream())
            .toList();
    var last = ready.stream().map(m -> m.stamp().at()).max(Instant::compareTo).orElseThrow();
    double seconds = recovery.since(last);
    boolean late = seconds > within.toNanos() / 1e9;
    var replaced =
        recovery.victim() instanceof ObjectRef.Node node
            ? Sentence.of(
                "%d pods on %s were replaced %.1f s after the fault",
                losses.size(), nodes(losses, node), seconds)
            : Sentence.of(
                "all lost pods (%d) were replaced %.1f s after the fault", losses.size(), seconds);
    return new Finding(
        name(),
        late ? Status.FAIL : Status.PASS,
        seconds,
        within.toNanos() / 1e9,
        "s",
        late ? Phases.blamed(replaced, recovery, recovery.fault(), last) : replaced,
        ready.stream().map(recovery::evidence).toList(),
        Sample.of(losses.size(), recovery.fault(), last));
  }

  /** Those that the pods were on, of several that faults took. */
  private static String nodes(List<LostPod> losses, ObjectRef.Node victim) {
    var known =
        losses.stream()
            .flatMap(loss -> loss.node().stream())
            .map(ObjectRef.Node::name)
            .distinct()
            .sorted()
            .toList();
    return known.isEmpty() ? victim.name() : String.join(", ", known);
  }

  /** The phase in which the slowest pod got stuck, and what ended the wait. */
  private static Sentence standstill(Recovery recovery) {
    var open = Phases.of(recovery).getLast();
    if (open.to() != null) {
      return open.owner();
    }
    var name = Sentence.word("phase", open.name());
    return recovery
        .reachedByVictim(Milestone.POWER_ON)
        .map(power ->
            Sentence.of(
                "%s had not ended when power came back %.0f s after the fault; it is owned by %s",
                name, recovery.since(power.stamp().at()), open.owner()))
        .orElseGet(() -> Sentence.of("%s had not ended; it is owned by %s", name, open.owner()));
  }
}
