package dev.muster.verdict;

import dev.muster.timeline.Event.EtcdHashed;
import dev.muster.timeline.Event.EtcdHashed.Member;
import java.util.ArrayList;
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
final class EtcdCheck implements Check {

  @Override
  public String name() {
    return "etcd";
  }

  @Override
  public List<Finding> judge(History history) {
    if (!history.drill().expect().consistency().etcdEqual()) {
      return List.of();
    }
    return List.of(
        Recovery.events(history, EtcdHashed.class)
            .reduce((_, last) -> last)
            .map(hashed -> judge(history, hashed))
            .orElseGet(() ->
                Told.nothing(
                    history, name(), Told.ETCD, "nobody asked the members for their hashes")));
  }

  private Finding judge(History history, EtcdHashed hashed) {
    var course = EtcdCourse.of(history);
    Map<String, String> wrong = new LinkedHashMap<>();
    Set<String> unsure = new LinkedHashSet<>();
    boolean early = Told.early(history);
    var told = hashed.members().stream().filter(m -> m.hash() != null).toList();
    for (var member : hashed.members()) {
      if (member.hash() != null) {
        continue;
      }
      if (early || (member.revision() == 0 && !course.lostAtTheEnd(member.name()))) {
        unsure.add(member.name() + " did not tell: " + member.why());
      } else if (member.revision() > 0) {
        wrong.put(member.name(), "is at revision " + member.revision() + ": " + member.why());
      } else {
        wrong.put(member.name(), "is not back in: " + member.why());
      }
    }
    course.members().stream()
        .filter(m -> hashed.members().stream().noneMatch(h -> h.name().equals(m)))
        .forEach(m -> wrong.put(m, "was a member and is gone"));
    differing(told, hashed.members().size(), m -> "hash " + m.hash())
        .forEach(m -> wrong.put(m.name(), "has hash " + m.hash() + " of " + m.keys() + " keys"));
    told.stream()
        .collect(Collectors.groupingBy(Member::applied))
        .values()
        .forEach(same ->
            differing(same, same.size(), m -> "revision " + m.revision())
                .forEach(m ->
                    wrong.putIfAbsent(
                        m.name(),
                        "is at revision "
                            + m.revision()
                            + " after the same "
                            + m.applied()
                            + " entries of the log")));
    return finding(hashed, wrong, unsure, course);
  }

  private Finding finding(
      EtcdHashed hashed, Map<String, String> wrong, Set<String> unsure, EtcdCourse course) {
    var status =
        !wrong.isEmpty() ? Status.FAIL : !unsure.isEmpty() ? Status.INCONCLUSIVE : Status.PASS;
    var differ =
        wrong.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining("; "));
    var why =
        switch (status) {
          case FAIL -> "at revision " + hashed.revision() + " " + differ;
          case INCONCLUSIVE -> String.join("; ", unsure);
          case PASS ->
              "all "
                  + hashed.members().size()
                  + " members have the same hash at revision "
                  + hashed.revision();
        };
    var evidence =
        Stream.of(
                hashed.members().stream().map(EtcdCheck::line),
                unsure.stream().filter(_ -> status == Status.FAIL),
                course.lines().stream())
            .flatMap(lines -> lines)
            .toList();
    return new Finding(
        name(), status, (double) wrong.size(), 0.0, "members", why + course.summary(), evidence);
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

  private static String line(Member m) {
    var parts = new ArrayList<String>();
    parts.add(m.name() + ":");
    parts.add(
        m.hash() == null
            ? "no hash (" + m.why() + "),"
            : "hash " + m.hash() + " of " + m.keys() + " keys,");
    parts.add("own revision " + m.revision());
    return String.join(" ", parts);
  }
}
