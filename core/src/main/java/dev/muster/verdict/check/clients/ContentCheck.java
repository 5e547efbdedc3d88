package dev.muster.verdict.check.clients;

import dev.muster.drill.Drill;
import dev.muster.drill.PromptSource;
import dev.muster.drill.expect.Expectation;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Phases;
import dev.muster.verdict.recovery.Recovery;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers to the same prompt are what they were before the fault: text that is fluent and wrong has
 * no other sign. Only a service that answered each prompt alike before can be judged, and only by
 * prompts that it answered often enough before. Answers that are not complete are not compared.
 */
public final class ContentCheck implements Check {
  /**
   * A drill reads it as {@link Drill.Load#compared}: what the load keeps of answers depends on it.
   */
  private static final Expectation<Boolean> UNCHANGED =
      Expectation.word(
              "content",
              "answers to the same prompt are what they were before the fault",
              "unchanged")
          .ofClients();

  /** Of fewer answers that are alike, a prompt that has several would often be taken for one. */
  static final int LEAST = 5;

  private static final int MOST = 20;

  @Override
  public String name() {
    return "content";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(UNCHANGED);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOAD, Need.LEDGER);
  }

  @Override
  public List<Finding> judge(History history) {
    var load = history.drill().load();
    if (load == null || !load.compared()) {
      return List.of();
    }
    return List.of(
        Recovery.of(history)
            .map(recovery -> judge(recovery, load))
            .orElseGet(() -> Finding.inconclusive(name(), Sentence.of("no fault was injected"))));
  }

  private Finding judge(Recovery recovery, Drill.Load load) {
    var answered = AnsweredPrompts.of(recovery);
    var unsteady = answered.unsteady();
    if (!unsteady.isEmpty()) {
      return new Finding(
          name(),
          Status.INCONCLUSIVE,
          null,
          null,
          "",
          Sentence.of(
              "the service is not deterministic: before the fault it answered %d of %d prompts in"
                  + " several ways, so that another answer after it tells nothing",
              unsteady.size(), answered.before().size()),
          unsteady.stream().limit(MOST).map(prompt -> ways(answered, prompt)).toList());
    }
    var other = answered.other(LEAST);
    if (!other.isEmpty()) {
      return changed(recovery, answered, other);
    }
    var lack = lack(recovery, load, answered);
    return lack != null
        ? Finding.inconclusive(name(), lack)
        : finding(
            recovery,
            answered,
            List.of(),
            Sentence.of(
                "each of %d answers from the fault on is what the same prompt was answered with"
                    + " before it; of %d prompts each was answered at least %d times before",
                answered.allSince().size(), answered.prompts().size(), LEAST));
  }

  private Finding changed(Recovery recovery, AnsweredPrompts answered, List<Request> other) {
    var told =
        Sentence.of(
            "%d of %d answers from the fault on are not what the same prompt was answered with"
                + " before it",
            other.size(), answered.allSince().size());
    var first = other.getFirst().intended();
    return finding(
        recovery,
        answered,
        other,
        Phases.blamed(
            told,
            recovery,
            first.isBefore(recovery.fault()) ? recovery.fault() : first,
            other.getLast().intended()));
  }

  private Finding finding(
      Recovery recovery, AnsweredPrompts answered, List<Request> other, Sentence why) {
    return new Finding(
        name(),
        other.isEmpty() ? Status.PASS : Status.FAIL,
        (double) other.size(),
        0.0,
        "requests",
        why,
        other.stream().limit(MOST).map(row -> line(answered, row)).toList(),
        recovery.sample(answered.allSince(), other.size(), null));
  }

  /** What was not there to compare; null where nothing lacks. */
  private static @Nullable Sentence lack(
      Recovery recovery, Drill.Load load, AnsweredPrompts answered) {
    boolean all = load.prompts().stream().allMatch(PromptSource::repeats);
    long unknown =
        Stream.concat(recovery.baseline().stream(), recovery.requests().stream())
            .filter(Request::answered)
            .filter(r -> r.prompt() == null ? all : r.answerDigest() == null)
            .count();
    if (unknown > 0) {
      return Sentence.of("nobody knows what the text of %d answers was", unknown);
    }
    var prompts = answered.prompts().size();
    if (prompts == 0) {
      return Sentence.of("no answer came that could be compared");
    }
    var rare = answered.rare(LEAST).size();
    if (rare > 0) {
      return Sentence.of(
          "%d of %d prompts were answered fewer than %d times before the fault: fewer prompts, or a"
              + " longer baseline",
          rare, prompts, LEAST);
    }
    var unanswered = answered.unanswered().size();
    return unanswered == 0
        ? null
        : Sentence.of("%d of %d prompts were not answered from the fault on", unanswered, prompts);
  }

  private static Sentence ways(AnsweredPrompts answered, String prompt) {
    return Sentence.of(
        "prompt %s: %d answers, %d different texts",
        prompt, answered.told(prompt).size(), answered.texts(prompt).size());
  }

  private static Sentence line(AnsweredPrompts answered, Request row) {
    var was = String.join(", ", answered.texts(String.valueOf(row.prompt())));
    return row.pods().isEmpty()
        ? Sentence.of(
            "prompt %s: request %s was answered with text %s instead of %s",
            row.prompt(), row.id(), row.answerDigest(), was)
        : Sentence.of(
            "prompt %s: request %s was answered with text %s instead of %s, by %s",
            row.prompt(), row.id(), row.answerDigest(), was, String.join(", ", row.pods()));
  }
}
