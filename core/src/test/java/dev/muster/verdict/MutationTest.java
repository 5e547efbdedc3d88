package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Interruption;
import dev.muster.verdict.recovery.Phases;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Histories are mutated by chance: taking evidence away or adding harm never makes a verdict
 * better, and every mutant is judged. {@code -Dmutants=N} makes more of them, {@code
 * -Dmutants.seed=N} others (the same ones in each build, so that a build tells of its own change
 * and not of chance; bench/mutants draws), {@code -Dmutant=N} the one whose seed a violation
 * printed.
 */
class MutationTest {
  private static final int MOST = 3;

  /** Accounts that contradict one another: without one of them nobody knows that they did. */
  private static final Set<String> CONTRADICTIONS = Set.of("order", "ledger");

  private static final List<Mutation> ALL = List.of(Mutation.values());

  private final Map<String, History> bases = Histories.all();
  private final Map<String, Verdict> verdicts = new TreeMap<>();

  @Test
  void noMutantIsJudgedBetterAndNoneMakesACheckFail() {
    var one = Long.getLong("mutant");
    if (one != null) {
      assertThat(violations(one)).isEmpty();
      return;
    }
    int mutants = Integer.getInteger("mutants", 2000);
    long seed = Long.getLong("mutants.seed", 20_261_128L);
    System.out.println("mutants.seed " + seed);
    var random = new Random(seed);
    var violations = new LinkedHashMap<String, String>();
    int count = 0;
    for (int i = 0; i < mutants; i++) {
      for (var violation : violations(random.nextLong())) {
        count++;
        // one of each kind is enough to read
        violations.putIfAbsent(violation.kind, violation.text);
      }
    }
    assertThat(violations.values())
        .as("%d violations of %d mutants, mutants.seed %d", count, mutants, seed)
        .isEmpty();
  }

  private record Violation(String kind, String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  private List<Violation> violations(long seed) {
    var random = new Random(seed);
    var name = Mutation.pick(List.copyOf(bases.keySet()), random);
    var history = Objects.requireNonNull(bases.get(name));
    var base = history;
    var verdict = verdicts.computeIfAbsent(name, _ -> Verdict.of(base));
    var done = new ArrayList<String>();
    var violations = new ArrayList<Violation>();
    // what may be anything is the last: nothing can be said of what is worse than it
    var effect = Mutation.Effect.WORSE;
    for (int i = 0;
        i < MOST
            && effect == Mutation.Effect.WORSE
            && violations.isEmpty()
            && !history.timeline().isEmpty();
        i++) {
      var mutation = Mutation.pick(ALL, random);
      effect = mutation.effect;
      var mutant = mutation.of(history, random);
      done.add(mutation.name());
      var what = "-Dmutant=" + seed + ": " + name + " " + done + ": ";
      Verdict judged;
      try {
        judged = Verdict.of(mutant);
        Interruption.of(mutant);
        Phases.of(mutant);
      } catch (RuntimeException e) {
        violations.add(new Violation("throws " + mutation + e, what + "throws " + e));
        break;
      }
      for (var finding : judged.findings()) {
        if (finding.why().startsWith("the check itself failed")) {
          violations.add(
              new Violation(
                  "crash " + finding.check() + finding.why(),
                  what + finding.check() + ": " + finding.why()));
        }
      }
      if (mutation.effect == Mutation.Effect.WORSE) {
        better(verdict, judged)
            .forEach((where, how) ->
                violations.add(new Violation(mutation + " " + where, what + where + how)));
      }
      history = mutant;
      verdict = judged;
    }
    return violations;
  }

  /** What became better, by check: of its findings the worst counts. */
  private static Map<String, String> better(Verdict before, Verdict after) {
    var better = new TreeMap<String, String>();
    if (before.status() != Status.PASS
        && after.status() == Status.PASS
        && !before.findings().stream()
            .allMatch(f -> f.status() == Status.PASS || CONTRADICTIONS.contains(f.check()))) {
      better.put("run", " was " + before.status() + " and is PASS: " + wrong(before));
    }
    var was = worst(before);
    var is = worst(after);
    was.keySet().removeAll(CONTRADICTIONS);
    if (notCarriedThrough(after)) {
      was.remove("faultVerified"); // who said that it was not went with the end, and run says that
    }
    was.forEach((check, finding) -> {
      var now = is.get(check);
      if (finding.status() != Status.PASS && now != null && now.status() == Status.PASS) {
        better.put(
            check,
            " was "
                + finding.status()
                + " ("
                + finding.why()
                + ") and is PASS ("
                + now.why()
                + ")");
      }
    });
    return better;
  }

  private static boolean notCarriedThrough(Verdict verdict) {
    return verdict.findings().stream()
        .anyMatch(f -> f.check().equals("run") && f.status() != Status.PASS);
  }

  private static List<String> wrong(Verdict verdict) {
    return verdict.findings().stream()
        .filter(f -> f.status() != Status.PASS)
        .map(f -> f.check() + ": " + f.why())
        .toList();
  }

  private static Map<String, Finding> worst(Verdict verdict) {
    var worst = new TreeMap<String, Finding>();
    verdict
        .findings()
        .forEach(f ->
            worst.merge(f.check(), f, (a, b) -> a.status().compareTo(b.status()) >= 0 ? a : b));
    return worst;
  }

  /** A mutation that never does anything would prove nothing. */
  @ParameterizedTest
  @EnumSource
  void eachMutationChangesMostHistories(Mutation mutation) {
    var random = new Random(1);
    long changed =
        bases.values().stream()
            .filter(h ->
                Stream.generate(() -> mutation.of(h, random)).limit(9).anyMatch(m -> !m.equals(h)))
            .count();
    assertThat(changed).isGreaterThan(mutation == Mutation.DROP_TRACES ? 0 : bases.size() / 8);
  }

  /** The harness must be able to see red. */
  @Test
  void aVerdictThatBecomesBetterIsSeen() {
    var fail = new Finding("x", Status.FAIL, null, null, "", Sentence.of("bad"), List.of());
    var pass = new Finding("x", Status.PASS, null, null, "", Sentence.of("good"), List.of());
    assertThat(
            better(
                new Verdict(Status.FAIL, List.of(fail)), new Verdict(Status.PASS, List.of(pass))))
        .containsOnlyKeys("run", "x");
    assertThat(
            better(
                new Verdict(Status.PASS, List.of(pass)), new Verdict(Status.FAIL, List.of(fail))))
        .isEmpty();
  }
}
