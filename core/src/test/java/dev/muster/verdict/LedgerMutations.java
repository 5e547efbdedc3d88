package dev.muster.verdict;

import static dev.muster.verdict.Mutation.pick;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.History;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What is done to the rows of a history, and to what the service left of them. */
final class LedgerMutations {
  private static final List<Outcome> FAILURES =
      List.of(
          Outcome.CORRUPT,
          Outcome.TRUNCATED,
          Outcome.IN_BAND_ERROR,
          Outcome.REJECTED,
          Outcome.HTTP_ERROR,
          Outcome.CONNECTION_FAILED,
          Outcome.TIMED_OUT,
          Outcome.MALFORMED);

  private LedgerMutations() {}

  static History dropRows(History h, Random random) {
    double kept = random.nextBoolean() ? random.nextDouble() : 0.99;
    return rows(h, h.ledger().stream().filter(_ -> random.nextDouble() < kept).toList());
  }

  static History dropWindowOfRows(History h, Random random) {
    var window = window(h, random);
    return rows(h, h.ledger().stream().filter(window.negate()).toList());
  }

  static History cutLedger(History h, Random random) {
    return rows(h, h.ledger().subList(0, random.nextInt(h.ledger().size() + 1)));
  }

  static History doubleRow(History h, Random random) {
    if (h.ledger().isEmpty()) {
      return h;
    }
    var rows = new ArrayList<>(h.ledger());
    int i = random.nextInt(rows.size());
    rows.add(i, rows.get(i));
    return rows(h, rows);
  }

  static History rowsWithoutEnd(History h, Random random) {
    var window = window(h, random);
    return eachRow(h, r -> window.test(r) ? Records.with(r, "ended", null) : r);
  }

  static History uncheckedRows(History h, Random random) {
    var window = window(h, random);
    return eachRow(
        h,
        r ->
            window.test(r) && r.outcome() == Outcome.COMPLETE
                ? Records.with(r, "checked", random.nextBoolean() ? null : false)
                : r);
  }

  static History otherContent(History h, Random random) {
    var window = window(h, random);
    return eachRow(
        h,
        r ->
            window.test(r) && r.answerDigest() != null
                ? Records.with(r, "answerDigest", "x" + random.nextLong())
                : r);
  }

  static History unknownContent(History h, Random random) {
    var window = window(h, random);
    var field = random.nextBoolean() ? "answerDigest" : "prompt";
    return eachRow(h, r -> window.test(r) ? Records.with(r, field, null) : r);
  }

  static History failRow(History h, Random random) {
    if (h.ledger().isEmpty()) {
      return h;
    }
    var id = pick(h.ledger(), random).id();
    return eachRow(h, r -> r.id().equals(id) ? failed(r, random) : r);
  }

  static History failWindow(History h, Random random) {
    var window = window(h, random);
    return eachRow(h, r -> window.test(r) ? failed(r, random) : r);
  }

  static History failMany(History h, Random random) {
    double share = random.nextDouble();
    return eachRow(h, r -> random.nextDouble() < share ? failed(r, random) : r);
  }

  static History dropTraces(History h, Random random) {
    double kept = random.nextBoolean() ? random.nextDouble() : 0;
    return new History(
        h.drill(),
        h.timeline(),
        h.ledger(),
        h.traces().stream().filter(_ -> random.nextDouble() < kept).toList(),
        h.integrity());
  }

  static History shiftRows(History h, Random random) {
    var window = window(h, random);
    var by = Duration.ofMillis(random.nextInt(120_000) - 60_000);
    return eachRow(h, r -> window.test(r) ? shifted(r, by) : r);
  }

  static History shuffleRows(History h, Random random) {
    var rows = new ArrayList<>(h.ledger());
    Collections.shuffle(rows, random);
    return rows(h, rows);
  }

  static History noRows(History h) {
    return rows(h, List.of());
  }

  private static Request failed(Request row, Random random) {
    return row.outcome() == Outcome.COMPLETE
        ? Records.with(
            Records.with(row, "outcome", pick(FAILURES, random)), "detail", "by the test")
        : row;
  }

  private static Request shifted(Request row, Duration by) {
    var shifted = Records.with(row, "intended", row.intended().plus(by));
    return row.ended() == null ? shifted : Records.with(shifted, "ended", row.ended().plus(by));
  }

  /** From a moment on, for some time. */
  private static Predicate<Request> window(History h, Random random) {
    if (h.ledger().isEmpty()) {
      return _ -> false;
    }
    Instant from = pick(h.ledger(), random).intended();
    Instant to = from.plusMillis(random.nextInt(60_000));
    return r -> !r.intended().isBefore(from) && !r.intended().isAfter(to);
  }

  private static History rows(History h, List<Request> rows) {
    return new History(h.drill(), h.timeline(), List.copyOf(rows), h.traces(), h.integrity());
  }

  private static History eachRow(History h, UnaryOperator<Request> how) {
    return rows(h, h.ledger().stream().map(how).toList());
  }
}
