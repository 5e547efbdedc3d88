package dev.muster.report;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.check.clients.Answers;
import dev.muster.verdict.check.clients.ServedBy;
import dev.muster.verdict.check.clients.Users;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.FullStrength;
import dev.muster.verdict.recovery.Interruption;
import dev.muster.verdict.recovery.Phases;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a report says, in no language: {@code report.json} is this record as it stands, its
 * sentences in English, and its schema is {@code report.schema.json}. Times in seconds are from the
 * fault, negative before it.
 *
 * @param verdict pass, fail or inconclusive
 * @param title of the drill by language code
 * @param kinds of the faults that the drill is about, injected or not
 * @param fault null where none was injected
 * @param interruption null where clients felt none
 * @param fullStrength seconds until all lost pods or their replacements served and no interruption
 *     went on; null where that is not known
 * @param findings the worst first, those of one status in the order of the checks
 * @param served by which pods
 * @param revisions what each revision of a workload answered; empty where there was no other one,
 *     null where nobody told which revision a pod was
 * @param notes what is wrong with the run folder itself (torn lines, events of a later version)
 */
public record ReportModel(
    String verdict,
    String run,
    String drill,
    Map<String, String> title,
    List<String> kinds,
    @Nullable Instant started,
    @Nullable Instant ended,
    @Nullable Instant loadStarted,
    @Nullable FaultWindow fault,
    @Nullable Felt interruption,
    @Nullable Double fullStrength,
    List<Judged> findings,
    List<Reached> milestones,
    List<AlertRow> alerts,
    List<Part> phases,
    Requests requests,
    Served served,
    @Nullable List<RevisionRow> revisions,
    List<Setting> settings,
    Map<String, String> environment,
    List<Sentence> notes) {

  /**
   * @param seconds until the undo was done; null where nothing says that it was
   */
  public record FaultWindow(String kind, String victim, Instant at, @Nullable Double seconds) {}

  /**
   * @param seconds the shortest time that fits what was seen
   * @param from seconds since the fault
   * @param failed of {@code all} requests in that time
   * @param atMost the longest time that fits, in seconds; null where no answer ended it
   */
  public record Felt(
      double seconds, double from, double to, long failed, long all, @Nullable Double atMost) {}

  /**
   * @param samples requests, pods … that the figure rests on, like {@code from} and {@code to},
   *     seconds since the fault; null where it rests on none
   */
  public record Judged(
      String check,
      String status,
      @Nullable Double measured,
      @Nullable Double bound,
      String unit,
      Sentence why,
      List<Sentence> evidence,
      @Nullable Long samples,
      @Nullable Double from,
      @Nullable Double to) {}

  /**
   * @param sinceFault seconds; null where there was no fault
   * @param uncertainty seconds: it happened at most so long before {@code at}
   */
  public record Reached(
      String name,
      String object,
      Instant at,
      @Nullable Double sinceFault,
      String source,
      double uncertainty,
      Map<String, String> detail) {}

  public record Part(
      String name,
      @Nullable Double seconds,
      Sentence blame,
      @Nullable String setting,
      double from) {}

  /**
   * @param outcomes how many ended how, every outcome named; they add up to the rows of the ledger
   * @param sinceFault what became of those from the fault to the end of the load; null where there
   *     was no fault
   * @param users what they have in the end; null where they ask once
   */
  public record Requests(
      long scheduled,
      Map<String, Long> outcomes,
      @Nullable Answers sinceFault,
      @Nullable Users users) {}

  /**
   * @param unnamed requests that were answered somehow by nobody knows whom
   */
  public record Served(List<ServingPod> pods, long unnamed) {}

  /**
   * @param by header, access or endpoint: who named it
   * @param answered requests with their answer in full, and {@code other} without
   * @param from when the first of them was sent, and {@code to} when the last ended: seconds since
   *     the fault, null where there was none
   */
  public record ServingPod(
      String pod,
      String by,
      long answered,
      long other,
      @Nullable Double from,
      @Nullable Double to) {}

  public record Setting(String name, String value, String where) {}

  static ReportModel of(String run, History history, Verdict verdict, List<Sentence> notes) {
    var recovery = Recovery.of(history);
    return new ReportModel(
        lower(verdict.status()),
        run,
        history.drill().metadata().name(),
        history.drill().metadata().title(),
        history.drill().faults().stream().map(f -> f.kind().word()).distinct().toList(),
        at(history, Event.RunStarted.class),
        at(history, Event.RunEnded.class),
        at(history, Event.LoadStarted.class),
        recovery.map(r -> window(history, r)).orElse(null),
        recovery.flatMap(r -> Interruption.of(history).map(i -> felt(i, r))).orElse(null),
        recovery
            .flatMap(r -> FullStrength.of(history).map(full -> r.since(full.at())))
            .orElse(null),
        verdict.findings().stream()
            .sorted(Comparator.comparing(Finding::status).reversed())
            .map(f -> judged(f, recovery))
            .toList(),
        milestones(history, recovery),
        AlertRow.of(history, recovery),
        recovery.map(r -> parts(history, r)).orElse(List.of()),
        requests(history, recovery),
        served(history, recovery),
        RevisionRow.of(history, recovery),
        settings(history),
        all(history, Event.RunStarted.class)
            .findFirst()
            .map(Event.RunStarted::environment)
            .orElse(Map.of()),
        notes);
  }

  private static FaultWindow window(History history, Recovery recovery) {
    var seconds =
        all(history, Event.FaultReverted.class)
            .map(e -> recovery.since(e.stamp().at()))
            .reduce((a, b) -> b)
            .orElse(null);
    return new FaultWindow(
        recovery.taking().kind(), recovery.victim().name(), recovery.fault(), seconds);
  }

  private static Felt felt(Interruption i, Recovery recovery) {
    return new Felt(
        i.seconds(),
        recovery.since(i.start()),
        recovery.since(i.end()),
        i.failed(),
        i.all(),
        i.latest() == null ? null : i.atMost());
  }

  private static Judged judged(Finding f, Optional<Recovery> recovery) {
    var sample = f.sample();
    return new Judged(
        f.check(),
        lower(f.status()),
        f.measured(),
        f.bound(),
        f.unit(),
        f.sentence(),
        f.lines(),
        sample == null ? null : Long.valueOf(sample.count()),
        sample == null ? null : recovery.map(r -> r.since(sample.from())).orElse(null),
        sample == null ? null : recovery.map(r -> r.since(sample.to())).orElse(null));
  }

  private static List<Reached> milestones(History history, Optional<Recovery> recovery) {
    return all(history, Event.MilestoneReached.class)
        .sorted(
            Comparator.comparing((Event.MilestoneReached m) -> m.stamp().at())
                .thenComparing(Event.MilestoneReached::milestone))
        .map(m ->
            new Reached(
                m.milestone().name(),
                m.object().path(),
                m.stamp().at(),
                recovery.map(r -> r.since(m.stamp().at())).orElse(null),
                m.stamp().source(),
                seconds(m.stamp().uncertainty()),
                m.detail()))
        .toList();
  }

  private static List<Part> parts(History history, Recovery recovery) {
    return Phases.of(history).stream()
        .map(p -> new Part(p.name(), p.seconds(), p.owner(), p.setting(), recovery.since(p.from())))
        .toList();
  }

  private static Requests requests(History history, Optional<Recovery> recovery) {
    Map<String, Long> outcomes = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome.name(), 0L);
    }
    history.ledger().forEach(r -> outcomes.merge(r.outcome().name(), 1L, Long::sum));
    long scheduled =
        all(history, Event.LoadEnded.class)
            .map(Event.LoadEnded::scheduled)
            .reduce((a, b) -> b)
            .orElse((long) history.ledger().size());
    return new Requests(
        scheduled,
        outcomes,
        recovery.map(r -> Answers.of(r.requests())).orElse(null),
        Users.of(history).orElse(null));
  }

  private static Served served(History history, Optional<Recovery> recovery) {
    var served = ServedBy.of(history);
    return new Served(
        served.pods().stream()
            .map(p ->
                new ServingPod(
                    p.pod(),
                    lower(p.by()),
                    p.answered(),
                    p.other(),
                    recovery.map(r -> r.since(p.first())).orElse(null),
                    recovery.map(r -> r.since(p.last())).orElse(null)))
            .toList(),
        served.unnamed());
  }

  private static List<Setting> settings(History history) {
    var settings = new ArrayList<Setting>();
    all(history, Event.SettingObserved.class)
        .map(s -> new Setting(s.name(), s.value(), s.where().path()))
        .distinct()
        .forEach(settings::add);
    return List.copyOf(settings);
  }

  /** As the check found it; where the drill does not ask for it, as the timeline tells. */
  @Nullable Double recovered() {
    return findings.stream()
        .filter(f -> f.check().equals("recovered"))
        .findFirst()
        .map(f -> Optional.ofNullable(f.measured()))
        .orElse(Optional.ofNullable(fullStrength))
        .orElse(null);
  }

  /** The first time, in seconds since the fault, that a milestone was reached. */
  @Nullable Double first(Milestone milestone) {
    return since(milestone).min(Double::compare).orElse(null);
  }

  /** The last time, in seconds since the fault, that a milestone was reached. */
  @Nullable Double last(Milestone milestone) {
    return since(milestone).max(Double::compare).orElse(null);
  }

  private Stream<Double> since(Milestone milestone) {
    return milestones.stream()
        .filter(m -> m.name().equals(milestone.name()))
        .flatMap(m -> Stream.ofNullable(m.sinceFault()));
  }

  private static <E extends Event> @Nullable Instant at(History history, Class<E> type) {
    return all(history, type).findFirst().map(e -> e.stamp().at()).orElse(null);
  }

  private static <E extends Event> Stream<E> all(History history, Class<E> type) {
    return history.timeline().stream().filter(type::isInstance).map(type::cast);
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
