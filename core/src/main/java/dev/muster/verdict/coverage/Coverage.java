package dev.muster.verdict.coverage;

import dev.muster.drill.Arrivals;
import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.check.record.LedgerCheck;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.Pacing;
import dev.muster.verdict.recovery.Recovery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run observed, against what checks need. A finding that rests on something that was not
 * there is inconclusive and says what was missing and by how much: a pass always, a failure only
 * where what was missing could have changed it.
 */
public final class Coverage {
  /** A look every 2 s, that waits for members which do not answer, twice. */
  private static final double APART_SECONDS = 20;

  /** Of a trace: longer than that, and an interruption could hide in it. */
  private static final double HOLE_SECONDS = 10;

  private final History history;
  private final @Nullable Recovery recovery;
  private final @Nullable Sentence untimely;
  private final @Nullable Sentence missing;
  private final @Nullable Sentence torn;
  private final @Nullable Sentence early;
  private final Gaps gaps;

  private Coverage(History history, @Nullable Recovery recovery) {
    this.history = history;
    this.recovery = recovery;
    early = early(history);
    gaps = Gaps.of(history);
    boolean loaded = recovery != null && history.drill().load() != null;
    untimely =
        loaded ? Pacing.of(Objects.requireNonNull(recovery)).trouble(recovery).orElse(null) : null;
    torn = history.drill().load() == null ? null : LedgerCheck.torn(history).orElse(null);
    missing = torn != null ? torn : loaded ? missing(Objects.requireNonNull(recovery)) : null;
  }

  public static Coverage of(History history) {
    return new Coverage(history, Recovery.of(history).orElse(null));
  }

  /** What a check finds, as far as what it needs was there. */
  public List<Finding> findings(Check check) {
    try {
      return check.judge(history).stream().map(f -> covered(check, f)).toList();
    } catch (RuntimeException e) {
      // A check that cannot cope with a history says nothing about the service.
      return List.of(
          Finding.inconclusive(check.name(), Sentence.of("the check itself failed: %s", e)));
    }
  }

  private Finding covered(Check check, Finding finding) {
    boolean passed = finding.status() == Status.PASS;
    if (finding.status() == Status.INCONCLUSIVE || (recovery == null && !passed)) {
      return finding;
    }
    var lacks = new ArrayList<Sentence>();
    if (passed && check.subject() != Check.Subject.VALIDITY) {
      unended(history).ifPresent(lacks::add);
    }
    if (recovery == null && !check.needs().isEmpty()) {
      lacks.add(Sentence.of("no fault was injected"));
    }
    if (recovery != null) {
      check.needs().stream()
          .sorted()
          .flatMap(need -> lack(need, finding, recovery).stream())
          .filter(lack -> !lacks.contains(lack))
          .forEach(lacks::add);
    }
    return lacks.isEmpty() ? finding : finding.unproven(Sentence.list("; ", lacks));
  }

  private Optional<Sentence> lack(Need need, Finding finding, Recovery of) {
    boolean failed = finding.status() == Status.FAIL;
    var sample = finding.sample();
    return switch (need) {
      case LOAD -> Optional.ofNullable(untimely != null ? untimely : failed ? null : missing);
      case LEDGER -> Optional.ofNullable(failed ? null : torn);
      case SAMPLES ->
          sample == null
              ? Optional.empty()
              : sample.share() == null ? loose(finding, sample) : sample.few(!failed);
      case TIME ->
          Optional.ofNullable(!failed || settled(finding) ? null : early != null ? early : missing);
      case WATCHES -> failed && sample != null ? blind(of, finding, sample) : Optional.empty();
      case OBSERVER ->
          (failed && settled(finding)) || sample == null ? Optional.empty() : partial(of, sample);
      case CLOCKS -> stepped(of);
      case LOOKS -> failed ? Optional.empty() : unlooked(of, finding.check());
      case SILENT_NODE ->
          failed && !of.tookNode()
              ? Optional.of(
                  Sentence.of("%s makes no node silent that could be noticed", of.taking().kind()))
              : Optional.empty();
    };
  }

  /** So many may fail, and no more were sent: a bound that nothing can break proves nothing. */
  private static Optional<Sentence> loose(Finding finding, Sample sample) {
    var bound = finding.bound();
    return finding.status() == Status.PASS
            && bound != null
            && sample.missed() > 0
            && sample.count() <= bound
        ? Optional.of(
            Sentence.of(
                "only %d requests were sent, and as many may fail: nothing could break that bound",
                sample.count()))
        : Optional.empty();
  }

  /** More than was allowed has been counted or has passed: it can only grow. */
  private static boolean settled(Finding finding) {
    var measured = finding.measured();
    var bound = finding.bound();
    var sample = finding.sample();
    return measured != null
        && bound != null
        && measured > bound
        && (sample == null || sample.share() == null);
  }

  private static Optional<Sentence> partial(Recovery of, Sample sample) {
    return sample.from().isAfter(of.fault()) || sample.to().isBefore(of.watchedUntil())
        ? Optional.of(
            Sentence.of(
                "only the time from %.1f s to %.1f s after the fault was looked at",
                of.since(sample.from()), of.since(sample.to())))
        : Optional.empty();
  }

  private Optional<Sentence> stepped(Recovery of) {
    return Recovery.events(history, Event.ClockStepped.class)
        .filter(e -> e.by().abs().compareTo(CausalOrder.SLACK) > 0)
        .filter(e -> e.stamp().at().isAfter(of.fault()))
        .findFirst()
        .map(e ->
            Sentence.of(
                "the clock of this machine was set by %.1f s after the fault, so that times that"
                    + " others tell prove nothing",
                e.by().toNanos() / 1e9));
  }

  /** By Muster's own pauses, and by what the observer says of its looks. */
  private Optional<Sentence> unlooked(Recovery of, String check) {
    var observer = check.equals("quorum") ? Observations.ETCD : check;
    var away =
        gaps.between(of.fault(), of.watchedUntil()).stream()
            .filter(gap -> gap.what().equals(Gaps.MUSTER) || gap.what().equals(observer))
            .map(gap -> new Gaps.Gap(observer, gap.from(), gap.to()));
    var late =
        history.timeline().stream()
            .map(Event::stamp)
            .filter(stamp -> stamp.source().equals(observer))
            .filter(stamp -> stamp.at().isAfter(of.fault()))
            .map(stamp -> new Gaps.Gap(observer, CausalOrder.earliest(stamp), stamp.at()));
    return Stream.concat(away, late)
        .filter(gap -> Recovery.seconds(gap.from(), gap.to()) > APART_SECONDS)
        .findFirst()
        .map(gap ->
            Sentence.of(
                "nobody looked at %s from %.1f s to %.1f s after the fault",
                gap.what(), of.since(gap.from()), of.since(gap.to())));
  }

  /** What was seen last may have been there earlier, by the view that was lost or by its stamp. */
  private Optional<Sentence> blind(Recovery of, Finding finding, Sample sample) {
    var bound = finding.bound();
    return lost(finding, sample)
        .or(() ->
            Recovery.events(history, Event.MilestoneReached.class)
                .filter(m -> m.stamp().at().equals(sample.to()))
                .map(m -> Recovery.seconds(sample.from(), gaps.earliest(m)) - of.late(of.taking()))
                .filter(least -> bound != null && least <= bound)
                .findFirst()
                .map(least ->
                    Sentence.of(
                        "it was not watched before, and may have been as early as %.1f s",
                        Math.max(0, least))));
  }

  private Optional<Sentence> lost(Finding finding, Sample sample) {
    var bound = finding.bound();
    return gaps.between(sample.to().minus(Gaps.RELIST), sample.to()).stream()
        .filter(gap -> bound != null && Recovery.seconds(sample.from(), gap.from()) <= bound)
        .findFirst()
        .map(gap ->
            Sentence.of(
                "the view of %s was lost from %.1f s to %.1f s: it may have been as early as that",
                gap.what(),
                Recovery.seconds(sample.from(), gap.from()),
                Recovery.seconds(sample.from(), gap.to())));
  }

  private static @Nullable Sentence early(History history) {
    return Recovery.events(history, Event.RunAborted.class)
        .findFirst()
        .map(e -> Sentence.of("the run was aborted (%s)", e.why()))
        .or(() -> unended(history))
        .orElse(null);
  }

  /** What stood behind the last line that is left could have said anything. */
  private static Optional<Sentence> unended(History history) {
    return Recovery.events(history, Event.RunEnded.class).findAny().isPresent()
        ? Optional.empty()
        : Optional.of(Sentence.of("the run did not end: Muster was stopped during it"));
  }

  /** Where requests are missing between the fault and the end of the recovery. */
  private @Nullable Sentence missing(Recovery of) {
    var load = Objects.requireNonNull(history.drill().load());
    var arrivals = load.arrivals();
    var began =
        Recovery.events(history, Event.LoadStarted.class)
            .findFirst()
            .map(e -> e.stamp().at())
            .orElse(of.fault());
    var sent =
        history.ledger().stream()
            .filter(r -> r.outcome() != Outcome.NOT_SENT)
            .map(Request::intended)
            .sorted()
            .toList();
    var before = sent.stream().filter(at -> at.isBefore(of.fault())).reduce((_, last) -> last);
    var last = before.orElse(of.fault());
    for (var at : sent) {
      if (at.isBefore(of.fault())) {
        continue;
      }
      if (apart(arrivals, began, last, at)) {
        return Sentence.of(
            "no request was sent from %.1f s to %.1f s after the fault",
            of.since(last), of.since(at));
      }
      last = at;
    }
    double left = Recovery.seconds(last, of.watchedUntil());
    return apart(arrivals, began, last, of.watchedUntil())
        ? Sentence.of(
            "the last request was sent %.1f s after the fault, %.1f s before the recovery ended",
            of.since(last), left)
        : null;
  }

  /**
   * Whether a load that goes on would have sent a request between two. Of random arrivals none
   * comes where 15 are due once in 3 million. Where a trace has a hole nothing was sent by intent,
   * and nothing was seen all the same.
   */
  private static boolean apart(Arrivals arrivals, Instant began, Instant last, Instant next) {
    return switch (arrivals) {
      case Arrivals.Paced(var pattern, var rate) ->
          rate.until(Recovery.seconds(began, next)) - rate.until(Recovery.seconds(began, last))
              > switch (pattern) {
                case CONSTANT -> 2 + 1e-6; // two apart are not more apart by rounding
                case POISSON -> 15;
              };
      case Arrivals.Trace _ -> Recovery.seconds(last, next) > HOLE_SECONDS;
    };
  }
}
