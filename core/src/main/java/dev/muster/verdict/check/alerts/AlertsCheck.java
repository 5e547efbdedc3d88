package dev.muster.verdict.check.alerts;

import dev.muster.drill.Drill;
import dev.muster.drill.expect.Expectation;
import dev.muster.verdict.coverage.BlindSpots;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The right alert reached somebody in time, and resolved: a finding for each that the drill names.
 * Without Prometheus's record nothing is known; without a notification nobody was told.
 */
public final class AlertsCheck implements Check {

  /** One thing that is asked of an alert, or tells of it. */
  private record Part(
      Status status, @Nullable Double measured, @Nullable Double bound, Sentence words) {
    static Part inconclusive(Sentence words) {
      return new Part(Status.INCONCLUSIVE, null, null, words);
    }

    static Part within(double measured, @Nullable Duration bound, Sentence words) {
      if (bound == null) {
        return new Part(Status.PASS, measured, null, words);
      }
      double most = seconds(bound);
      return measured <= most
          ? new Part(Status.PASS, measured, most, words)
          : new Part(
              Status.FAIL, measured, most, Sentence.of("%s, later than %.1f s", words, most));
    }
  }

  @Override
  public String name() {
    return "alerts";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(AlertsExpected.ALERTS);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.OBSERVER, Need.TIME, Need.CLOCKS);
  }

  @Override
  public List<Finding> judge(History history) {
    var recovery = Recovery.of(history);
    return AlertsExpected.in(history.drill()).stream()
        .map(asked ->
            recovery
                .map(r -> judge(new AlertHistory(r, asked.name()), asked))
                .orElseGet(() -> inconclusive(asked, Sentence.of("no fault was injected"))))
        .toList();
  }

  private Finding judge(AlertHistory told, Drill.Alert asked) {
    var unread = told.unread();
    if (unread != null) {
      return inconclusive(asked, unread);
    }
    var parts =
        told.since().stream()
            .map(courses ->
                courses.stream()
                    .map(course -> parts(told, course, asked))
                    .min(Comparator.comparing(AlertsCheck::worst))
                    .orElseGet(() -> List.of(notFired(told, asked))))
            .max(Comparator.comparing(AlertsCheck::worst))
            .orElseGet(() -> List.of(notFired(told, asked)));
    return finding(told, parts);
  }

  private static List<Part> parts(AlertHistory told, AlertCourse course, Drill.Alert asked) {
    return Stream.of(
            Stream.of(fired(told, course, asked)),
            silenced(told, course).stream(),
            notified(told, course, asked).stream(),
            resolved(told, course, asked).stream())
        .flatMap(parts -> parts)
        .toList();
  }

  private static Status worst(List<Part> parts) {
    return parts.stream().map(Part::status).max(Comparator.naturalOrder()).orElseThrow();
  }

  private Finding inconclusive(Drill.Alert asked, Sentence why) {
    return Finding.inconclusive(name(), Sentence.of("%s: %s", asked.name(), why));
  }

  private Finding finding(AlertHistory told, List<Part> parts) {
    var worst = parts.stream().max(Comparator.comparing(Part::status)).orElseThrow();
    var shown = parts.stream().filter(p -> p.status == worst.status).findFirst().orElseThrow();
    return new Finding(
        name(),
        shown.status,
        shown.measured,
        shown.bound,
        "s",
        Sentence.of(
            "%s %s", told.alert(), Sentence.list("; ", parts.stream().map(Part::words).toList())),
        told.evidence(),
        told.read(AlertHistory.PROMETHEUS)
            .map(read -> Sample.of(told.recorded().size(), read.from(), read.to()))
            .orElse(null));
  }

  private static Part notFired(AlertHistory told, Drill.Alert asked) {
    var before = told.before();
    if (!before.isEmpty()) {
      return Part.inconclusive(
          Sentence.of(
              "fired already %.1f s before the fault: that it fires proves nothing",
              -told.recovery().since(before.getFirst().stamp().at())));
    }
    var bound = asked.firesWithin() == null ? null : seconds(asked.firesWithin());
    if (told.rule().isEmpty()) {
      return new Part(
          Status.FAIL,
          null,
          bound,
          Sentence.of("can not fire: Prometheus has no rule of that name"));
    }
    var trouble = told.rule().get().trouble();
    var why =
        trouble == null ? Sentence.of("did not fire") : Sentence.of("did not fire: %s", trouble);
    var blind =
        Stream.of(
                Optional.ofNullable(BlindSpots.of(told.recovery())),
                told.notObserved(AlertHistory.PROMETHEUS)
                    .map(w -> Sentence.of("Prometheus could not be asked for a time (%s)", w)))
            .flatMap(Optional::stream)
            .findFirst();
    return blind.isPresent()
        ? Part.inconclusive(Sentence.of("%s; but %s", why, blind.get()))
        : new Part(Status.FAIL, null, bound, why);
  }

  private static Part fired(AlertHistory told, AlertCourse course, Drill.Alert asked) {
    double seconds = told.recovery().since(course.recorded().getFirst().stamp().at());
    if (AlertHistory.restless(course, told.recovery().fault())) {
      return Part.inconclusive(
          Sentence.of(
              "fired %.1f s after the fault, and already before it: that it fires proves nothing",
              seconds));
    }
    return Part.within(
        seconds, asked.firesWithin(), Sentence.of("fired %.1f s after the fault", seconds));
  }

  private static Optional<Part> silenced(AlertHistory told, AlertCourse course) {
    return course
        .silenced(told.recovery().fault())
        .map(s ->
            new Part(
                Status.FAIL,
                null,
                null,
                Sentence.of("was silenced, nobody was told (%s)", s.by())));
  }

  private static Optional<Part> notified(AlertHistory told, AlertCourse course, Drill.Alert asked) {
    var bound = asked.notifiedWithin();
    var fault = told.recovery().fault();
    var arrived = course.recorded().stream().flatMap(e -> course.told(e).stream()).findFirst();
    if (arrived.isPresent()) {
      double seconds = told.recovery().since(arrived.get().stamp().at());
      return Optional.of(
          Part.within(
              seconds, bound, Sentence.of("somebody was told %.1f s after the fault", seconds)));
    }
    if (bound == null || course.silenced(fault).isPresent()) {
      return Optional.empty();
    }
    var unasked = told.notObserved(AlertHistory.ALERTMANAGER);
    if (told.read(AlertHistory.RECEIVER).isEmpty() && unasked.isEmpty()) {
      return Optional.of(
          Part.inconclusive(
              Sentence.of(
                  "whether a notification arrived is not known: %s",
                  told.notObserved(AlertHistory.RECEIVER)
                      .map(Sentence::quote)
                      .orElse(Sentence.of("there is no muster-receiver")))));
    }
    var read = told.read(AlertHistory.RECEIVER);
    if (read.isPresent()
        && (read.get().from().isAfter(fault) || read.get().to().isBefore(fault.plus(bound)))) {
      return Optional.of(
          Part.inconclusive(
              Sentence.of(
                  "whether a notification arrived is known from %.1f s to %.1f s after the fault"
                      + " only",
                  told.recovery().since(read.get().from()),
                  told.recovery().since(read.get().to()))));
    }
    return Optional.of(
        new Part(
            Status.FAIL,
            null,
            seconds(bound),
            Sentence.of(
                "no notification arrived: %s",
                unasked
                    .map(why -> Sentence.of("Alertmanager could not be asked (%s)", why))
                    .or(() ->
                        course
                            .held(fault)
                            .map(h ->
                                Sentence.of(
                                    "Alertmanager had it and sends it to %s", h.receivers())))
                    .orElse(Sentence.of("Alertmanager never had it")))));
  }

  private static Optional<Part> resolved(AlertHistory told, AlertCourse course, Drill.Alert asked) {
    var within = asked.resolvesWithin();
    var undone = told.undone();
    if (undone.isEmpty()) {
      return Optional.ofNullable(within)
          .map(_ -> Part.inconclusive(Sentence.of("the fault is not known to have ended")));
    }
    if (course.recorded().stream().anyMatch(e -> e.resolved() == null)) {
      return Optional.ofNullable(within).map(bound -> stillFires(told, undone.get(), bound));
    }
    var last =
        course.recorded().stream()
            .map(e -> Objects.requireNonNull(e.resolved()).at())
            .max(Comparator.naturalOrder())
            .orElseThrow();
    double after = Recovery.seconds(undone.get(), last);
    return Optional.of(
        Part.within(
            Math.max(0, after),
            within,
            after < 0
                ? Sentence.of("resolved %.1f s before the fault was undone", -after)
                : Sentence.of("resolved %.1f s after the fault was undone", after)));
  }

  private static Part stillFires(AlertHistory told, Instant undone, Duration bound) {
    double until = Recovery.seconds(undone, told.read(AlertHistory.PROMETHEUS).orElseThrow().to());
    var words = Sentence.of("still fired %.1f s after the fault was undone", until);
    return until > seconds(bound)
        ? new Part(Status.FAIL, until, seconds(bound), words)
        : Part.inconclusive(Sentence.of("%s, when it was asked last", words));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
