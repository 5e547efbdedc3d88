package dev.muster.observe.data;

import dev.muster.drill.port.Observer;
import dev.muster.observe.ObservationException;
import dev.muster.observe.Poller;
import dev.muster.observe.data.ServiceEtcd.Status;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.EtcdHashed.Member;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The service's etcd: who leads it and who answers, every few seconds, and at the end what its
 * members hold at one and the same revision.
 */
final class EtcdObserver implements Observer {
  static final String NAME = "etcd";

  private final ServiceEtcd etcd;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final Duration patience;
  private final Poller poller;

  /** Pods by member: others name a leader for a while that does not answer any more. */
  private final Map<String, String> names = new HashMap<>();

  private @Nullable Course seen;

  /** What a change is told by. */
  private record Course(String leader, long term, List<String> answering, List<String> silent) {}

  /**
   * @param apart between two looks
   * @param patience for members that are behind
   */
  EtcdObserver(
      ServiceEtcd etcd,
      Duration apart,
      Duration patience,
      InstantSource clock,
      Consumer<Event> timeline) {
    this.etcd = etcd;
    this.clock = clock;
    this.timeline = timeline;
    this.patience = patience;
    this.poller = new Poller(NAME, apart, clock, timeline, this::look);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void begin() {
    poller.begin();
  }

  private void look(Instant since) {
    var statuses = etcd.statuses();
    var now = clock.instant();
    var course = course(statuses);
    if (!course.equals(seen)) {
      seen = course;
      timeline.accept(
          new Event.EtcdChanged(
              Stamp.seen(now, NAME, Duration.between(since, now)),
              course.leader,
              course.term,
              course.answering,
              course.silent));
    }
  }

  /** The leader that most members of the newest term name. */
  private Course course(List<Status> statuses) {
    var answering = statuses.stream().filter(s -> s.why() == null).toList();
    long term = answering.stream().mapToLong(Status::term).max().orElse(0);
    String id =
        answering.stream()
            .filter(s -> s.term() == term)
            .map(Status::leader)
            .filter(leader -> !leader.isEmpty())
            .findFirst()
            .orElse("");
    answering.forEach(s -> names.put(s.id(), s.member().pod()));
    String leader = names.getOrDefault(id, id);
    // a member that was left alone still names the leader it had
    boolean quorum = 2 * answering.size() > statuses.size();
    return new Course(
        quorum ? leader : "",
        term,
        answering.stream().map(s -> s.member().pod()).toList(),
        statuses.stream().filter(s -> s.why() != null).map(s -> s.member().pod()).toList());
  }

  @Override
  public void end() {
    poller.now();
    Instant latest = clock.instant().plus(patience);
    var statuses = etcd.statuses();
    long goal = statuses.stream().mapToLong(Status::applied).max().orElse(0);
    while (!level(statuses, goal) && clock.instant().isBefore(latest)) {
      if (poller.passed(Duration.ofMillis(250))) {
        break;
      }
      statuses = etcd.statuses();
    }
    poller.close();
    timeline.accept(hashed(statuses, goal));
  }

  /**
   * All that answer have applied the same entries, no fewer than was the goal, and are at the same
   * revision. While somebody writes that is true only now and then.
   */
  private static boolean level(List<Status> statuses, long goal) {
    return statuses.stream()
                .filter(s -> s.why() == null)
                .map(s -> List.of(s.applied(), s.revision()))
                .distinct()
                .count()
            <= 1
        && statuses.stream().allMatch(s -> s.why() != null || s.applied() >= goal);
  }

  /** The newest revision that everybody has who is not behind. */
  private Event.EtcdHashed hashed(List<Status> statuses, long goal) {
    long revision =
        statuses.stream()
            .filter(s -> s.why() == null && s.applied() >= goal)
            .mapToLong(Status::revision)
            .min()
            .orElseThrow(() -> new ObservationException(reasons(statuses)));
    var members = statuses.stream().map(s -> member(s, goal, revision)).toList();
    return new Event.EtcdHashed(Stamp.engine(clock.instant()), revision, members);
  }

  private Member member(Status status, long goal, long revision) {
    var pod = status.member().pod();
    if (status.why() != null) {
      return new Member(pod, null, 0, 0, 0, status.why());
    }
    if (status.applied() < goal) {
      return new Member(
          pod,
          null,
          0,
          status.revision(),
          status.applied(),
          "it did not catch up within " + patience.toSeconds() + " s");
    }
    var hash = etcd.hash(status.member(), revision);
    return new Member(
        pod,
        hash.hash(),
        hash.keys(),
        hash.hash() == null ? 0 : status.revision(),
        status.applied(),
        hash.why());
  }

  private static String reasons(List<Status> statuses) {
    return Optional.of(
            String.join(
                "; ",
                statuses.stream().map(Status::why).filter(Objects::nonNull).distinct().toList()))
        .filter(reasons -> !reasons.isEmpty())
        .orElse("no member has applied what another one has");
  }

  @Override
  public void close() {
    poller.close();
  }
}
