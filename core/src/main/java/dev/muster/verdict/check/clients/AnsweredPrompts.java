package dev.muster.verdict.check.clients;

import dev.muster.timeline.Request;
import dev.muster.verdict.recovery.Recovery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What each prompt that is asked again and again was answered with: digests of complete answers.
 *
 * @param before answers that ended before the fault, by prompt
 * @param since answers from the fault on, by prompt
 */
record AnsweredPrompts(
    SortedMap<String, List<Request>> before, SortedMap<String, List<Request>> since) {

  static AnsweredPrompts of(Recovery recovery) {
    return new AnsweredPrompts(byPrompt(recovery.baseline()), byPrompt(recovery.requests()));
  }

  /** A row that is there twice is one answer. */
  private static SortedMap<String, List<Request>> byPrompt(List<Request> rows) {
    var ids = new HashSet<String>();
    var all = new TreeMap<String, List<Request>>();
    for (var row : rows) {
      if (row.prompt() != null && row.answerDigest() != null && ids.add(row.id())) {
        all.computeIfAbsent(row.prompt(), _ -> new ArrayList<>()).add(row);
      }
    }
    return all;
  }

  SortedSet<String> prompts() {
    var all = new TreeSet<>(before.keySet());
    all.addAll(since.keySet());
    return all;
  }

  /** Those that were answered in several ways before. */
  List<String> unsteady() {
    return before.keySet().stream().filter(prompt -> texts(prompt).size() > 1).toList();
  }

  /** Those that were answered fewer times than that before. */
  List<String> rare(int least) {
    return prompts().stream().filter(prompt -> told(prompt).size() < least).toList();
  }

  /** Those to which no answer came from the fault on. */
  List<String> unanswered() {
    return prompts().stream().filter(prompt -> !since.containsKey(prompt)).toList();
  }

  /**
   * Answers from the fault on that no answer before was, to prompts that were answered so often.
   */
  List<Request> other(int least) {
    return since.entrySet().stream()
        .filter(e -> told(e.getKey()).size() >= least)
        .flatMap(e -> e.getValue().stream().filter(r -> !texts(e.getKey()).contains(digest(r))))
        .sorted(Comparator.comparing(Request::intended))
        .toList();
  }

  /** The different texts that a prompt was answered with before. */
  Set<String> texts(String prompt) {
    var texts = new LinkedHashSet<String>();
    told(prompt).forEach(r -> texts.add(digest(r)));
    return texts;
  }

  /** Answers to a prompt before the fault. */
  List<Request> told(String prompt) {
    return before.getOrDefault(prompt, List.of());
  }

  List<Request> allSince() {
    return since.values().stream().flatMap(List::stream).toList();
  }

  private static String digest(Request row) {
    return String.valueOf(row.answerDigest());
  }
}
