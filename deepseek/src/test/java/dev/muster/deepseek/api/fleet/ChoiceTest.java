package dev.muster.deepseek.api.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.etcd.Registration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChoiceTest {
  private static final Demand ANY = new Demand(0, 100, 0);
  private final Map<String, Member> workers = new HashMap<>();

  private Choice.Candidate worker(String pod, long load, double weight) {
    var member =
        workers.computeIfAbsent(
            pod, _ -> new Member(new Registration(pod, "10.0.0.1:8000", "ready"), 0));
    return new Choice.Candidate(member, load, weight);
  }

  private static String pod(List<Choice.Candidate> candidates, Demand demand) {
    return Choice.of(candidates, demand).orElseThrow().pod();
  }

  private static Demand prefix(long prefix) {
    return new Demand(0, 100, prefix);
  }

  @Test
  void theOneThatOwesTheFewestTokensIsNextWhateverItsRequests() {
    assertThat(pod(List.of(worker("a", 900, 1), worker("b", 800, 1)), ANY)).isEqualTo("b");
    assertThat(Choice.of(List.of(), ANY)).isEmpty();
    assertThat(Choice.of(List.of(), prefix(1))).isEmpty();
  }

  @Test
  void aNewWorkerGetsItsSmallShare() {
    assertThat(pod(List.of(worker("old", 800, 1), worker("new", 0, .1)), ANY)).isEqualTo("old");
    assertThat(pod(List.of(worker("old", 1000, 1), worker("new", 0, .1)), ANY)).isEqualTo("new");
  }

  @Test
  void equalPrefixesMeetAgainAndDifferentOnesSpread() {
    var idle = Stream.of("a", "b", "c").map(p -> worker(p, 0, 1)).toList();
    var seen = new HashSet<String>();
    for (long prefix = 1; prefix < 50; prefix++) {
      seen.add(pod(idle, prefix(prefix)));
      assertThat(pod(idle, prefix(prefix))).isEqualTo(pod(idle, prefix(prefix)));
    }
    assertThat(seen).hasSize(3);
  }

  @Test
  void aWorkerThatLeavesMovesNoPrefixOfOthers() {
    var all = Stream.of("a", "b", "c").map(p -> worker(p, 0, 1)).toList();
    for (long prefix = 1; prefix < 100; prefix++) {
      var before = pod(all, prefix(prefix));
      if (!before.equals("c")) {
        assertThat(pod(all.subList(0, 2), prefix(prefix))).isEqualTo(before);
      }
    }
  }

  /** All requests have one prefix: the worker that has it gets its share and a quarter, no more. */
  @Test
  void noWorkerGetsMoreThanItsBoundForAPrefixThatAllHave() {
    var seed = System.nanoTime();
    System.out.println("ChoiceTest seed=" + seed);
    var random = new Random(seed);
    var load = new HashMap<>(Map.of("a", 0L, "b", 0L, "c", 0L));
    for (int i = 0; i < 1000; i++) {
      var demand = new Demand(0, 50 + random.nextInt(100), 7);
      var candidates = new ArrayList<Choice.Candidate>();
      load.forEach((pod, tokens) -> candidates.add(worker(pod, tokens, 1)));
      load.merge(pod(candidates, demand), demand.cost(), Long::sum);
    }
    var sum = load.values().stream().mapToLong(Long::longValue).sum();
    assertThat(load.values()).allMatch(l -> l <= 1.26 * sum / 3);
    assertThat(load.values()).anyMatch(l -> l >= 1.24 * sum / 3);
  }
}
