package dev.muster.verdict.check.data;

import dev.muster.drill.expect.Expectation;
import dev.muster.drill.field.Field;
import dev.muster.timeline.Event.EtcdHashed;
import dev.muster.timeline.Event.EtcdHashed.Member;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The members of the service's etcd hold the same data at the end. Which of them is wrong is said
 * by the majority; without one, all of them are named.
 */
public final class EtcdCheck implements Check {
  static final String CONSISTENCY = "what the service's etcd must have kept";

  public static final Expectation<Boolean> EQUAL =
      Expectation.word(
          "consistency",
          CONSISTENCY,
          Field.word("etcd", "at the end all its members have the same content", "equal"));

  @Override
  public String name() {
    return "etcd";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(EQUAL);
  }

  @Override
  public List<Finding> judge(History history) {
    if (!EQUAL.isIn(history.drill())) {
      return List.of();
    }
    return List.of(
        Observations.atTheEnd(history, Observations.ETCD, EtcdHashed.class, _ -> true)
            .map(hashed -> judge(history, hashed))
            .orElseGet(() ->
                Observations.inconclusive(
                    history,
                    name(),
                    Observations.ETCD,
                    Sentence.of("nobody asked the members for their hashes"))));
  }

  private Finding judge(History history, EtcdHashed hashed) {
    var course = EtcdCourse.of(history);
    Map<String, Sentence> wrong = new LinkedHashMap<>();
    Set<Sentence> unsure = new LinkedHashSet<>();
    boolean early = Observations.endedEarly(history);
    var told = hashed.members().stream().filter(m -> m.hash() != null).toList();
    for (var member : hashed.members()) {
      if (member.hash() != null) {
        continue;
      }
      if (early || (member.revision() == 0 && !course.lostAtTheEnd(member.name()))) {
        unsure.add(Sentence.of("%s did not tell: %s", member.name(), member.why()));
      } else if (member.revision() > 0) {
        wrong.put(
            member.name(),
            Sentence.of(
                "%s is at revision %d: %s", member.name(), member.revision(), member.why()));
      } else {
        wrong.put(member.name(), Sentence.of("%s is not back in: %s", member.name(), member.why()));
      }
    }
    course.members().stream()
        .filter(m -> hashed.members().stream().noneMatch(h -> h.name().equals(m)))
        .forEach(m -> wrong.put(m, Sentence.of("%s was a member and is gone", m)));
    differing(told, hashed.members().size(), m -> "hash " + m.hash())
        .forEach(m ->
            wrong.put(
                m.name(), Sentence.of("%s has hash %s of %d keys", m.name(), m.hash(), m.keys())));
    told.stream()
        .collect(Collectors.groupingBy(Member::applied))
        .values()
        .forEach(same ->
            differing(same, same.size(), m -> "revision " + m.revision())
                .forEach(m ->
                    wrong.putIfAbsent(
                        m.name(),
                        Sentence.of(
                            "%s is at revision %d after the same %d entries of the log",
                            m.name(), m.revision(), m.applied()))));
    return finding(hashed, wrong, unsure, course);
  }

  private Finding finding(
      EtcdHashed hashed, Map<String, Sentence> wrong, Set<Sentence> unsure, EtcdCourse course) {
    var status =
        !wrong.isEmpty() ? Status.FAIL : !unsure.isEmpty() ? Status.INCONCLUSIVE : Status.PASS;
    var why =
        switch (status) {
          case FAIL ->
              Sentence.of(
                  "at revision %d %s", hashed.revision(), Sentence.list("; ", wrong.values()));
          case INCONCLUSIVE -> Sentence.list("; ", unsure);
          case PASS ->
              Sentence.of(
                  "all %d members have the same hash at revision %d",
                  hashed.members().size(), hashed.revision());
        };
    var evidence =
        Stream.of(
                hashed.members().stream().map(EtcdCheck::line),
                unsure.stream().filter(_ -> status == Status.FAIL),
                course.lines().stream())
            .flatMap(lines -> lines)
            .toList();
    return new Finding(
        name(), status, (double) wrong.size(), 0.0, "members", course.added(why), evidence);
  }

  /** Those who say something else than the majority of all; everybody where there is none. */
  private static List<Member> differing(
      List<Member> told, int all, Function<Member, String> account) {
    var groups = told.stream().collect(Collectors.groupingBy(account));
    if (groups.size() < 2) {
      return List.of();
    }
    Optional<String> majority =
        groups.entrySet().stream()
            .filter(g -> 2 * g.getValue().size() > all)
            .map(Map.Entry::getKey)
            .findFirst();
    return told.stream()
        .filter(m -> majority.isEmpty() || !account.apply(m).equals(majority.get()))
        .toList();
  }

  private static Sentence line(Member m) {
    return m.hash() == null
        ? Sentence.of("%s: no hash (%s), own revision %d", m.name(), m.why(), m.revision())
        : Sentence.of(
            "%s: hash %s of %d keys, own revision %d", m.name(), m.hash(), m.keys(), m.revision());
  }
}
