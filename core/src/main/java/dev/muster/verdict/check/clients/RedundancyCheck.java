package dev.muster.verdict.check.clients;

import dev.muster.timeline.Event.SettingObserved;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.coverage.Coverage;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.OutsideChangeGuard;
import dev.muster.verdict.recovery.Recovery;
import dev.muster.verdict.recovery.Settings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A workload of the service with one replica only is the cause where clients were hurt or where the
 * victim carried it.
 */
public final class RedundancyCheck implements Check {
  private static final List<Check> FELT =
      Stream.<Check>of(new InterruptionCheck(), new AvailabilityCheck(), new LostRequestsCheck())
          .map(OutsideChangeGuard::of)
          .toList();

  @Override
  public String name() {
    return "redundancy";
  }

  @Override
  public List<Finding> judge(History history) {
    var recovery = Recovery.of(history);
    var replicas =
        new Settings(history)
            .named("replicas").stream()
                .filter(s ->
                    s.where() instanceof ObjectRef.Workload w
                        && w.namespace().equals(history.drill().target().namespace()))
                .toList();
    if (recovery.isEmpty() || replicas.isEmpty()) {
      return List.of();
    }
    var coverage = Coverage.of(history);
    var hurt =
        FELT.stream()
            .flatMap(check -> coverage.findings(check).stream())
            .filter(finding -> finding.status() == Status.FAIL)
            .map(Finding::check)
            .toList();
    var single = replicas.stream().filter(s -> s.value().equals("1")).toList();
    var causes =
        single.stream()
            .filter(
                s -> onVictim(recovery.get(), s) || (!hurt.isEmpty() && !told(recovery.get(), s)))
            .map(s -> finding(Status.FAIL, cause(recovery.get(), s, hurt), s))
            .toList();
    if (!causes.isEmpty()) {
      return causes;
    }
    var together =
        hurt.isEmpty()
            ? List.<Finding>of()
            : replicas.stream().flatMap(s -> together(recovery.get(), s).stream()).toList();
    if (!together.isEmpty()) {
      return together;
    }
    return List.of(
        single.isEmpty()
            ? new Finding(
                name(),
                Status.PASS,
                null,
                null,
                "replicas",
                Sentence.of("every workload of the service has more than one replica"),
                List.of())
            : finding(
                Status.PASS,
                Sentence.of(
                    "%s has one replica only, but the victim did not carry it",
                    single.getFirst().where().path()),
                single.getFirst()));
  }

  /** Several replicas on one node are no more than one. */
  private Optional<Finding> together(Recovery recovery, SettingObserved setting) {
    if (!(setting.where() instanceof ObjectRef.Workload workload)
        || !setting.value().matches("[2-9]|[1-9][0-9]+")) {
      return Optional.empty();
    }
    var settings = new Settings(recovery.history());
    var pods = settings.podsOf(workload);
    var placed =
        Stream.concat(settings.placed("pod").stream(), settings.placed("targetPod").stream())
            .toList();
    return recovery.victims().stream()
        .filter(node ->
            pods.size() >= Integer.parseInt(setting.value())
                && pods.stream()
                    .allMatch(
                        pod -> placed.stream().anyMatch(p -> p.pod().is(pod) && p.node().is(node))))
        .findFirst()
        .map(node ->
            finding(
                Status.FAIL,
                Sentence.of(
                    "all %s replicas of %s were on %s: nothing takes over while it is away",
                    setting.value(), workload.path(), node.name()),
                setting));
  }

  private Finding finding(Status status, Sentence why, SettingObserved setting) {
    var line = Sentence.quote(Settings.text(setting));
    return new Finding(name(), status, 1.0, 2.0, "replicas", why, List.of(line));
  }

  private static Sentence cause(Recovery recovery, SettingObserved setting, List<String> hurt) {
    return onVictim(recovery, setting)
        ? Sentence.of(
            "%s has one replica only, and it was on %s: nothing takes over while it is away",
            setting.where().path(), recovery.victim().name())
        : Sentence.of(
            "%s has one replica only, and %s failed: nothing takes over while it is away",
            setting.where().path(),
            Sentence.list(", ", hurt.stream().map(c -> Sentence.word("check", c)).toList()));
  }

  /** Whether anybody said which pods are the workload's. */
  private static boolean told(Recovery recovery, SettingObserved setting) {
    return setting.where() instanceof ObjectRef.Workload workload
        && !new Settings(recovery.history()).podsOf(workload).isEmpty();
  }

  /** One of the workload's own pods was lost, or was on a victim. */
  private static boolean onVictim(Recovery recovery, SettingObserved setting) {
    var settings = new Settings(recovery.history());
    return setting.where() instanceof ObjectRef.Workload workload
        && settings.podsOf(workload).stream()
            .anyMatch(pod ->
                recovery.lostPods().stream().anyMatch(pod::is)
                    || settings.placed("pod").stream()
                        .filter(placed -> placed.pod().is(pod))
                        .anyMatch(
                            placed -> recovery.victims().stream().anyMatch(placed.node()::is)));
  }
}
