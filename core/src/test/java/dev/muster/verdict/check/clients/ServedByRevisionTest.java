package dev.muster.verdict.check.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace;
import dev.muster.verdict.Story;
import dev.muster.verdict.check.clients.ServedByRevision.OfRevision;
import dev.muster.verdict.check.clients.ServedByRevision.OfWorkload;
import dev.muster.verdict.finding.History;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A load that begins at 0 s, and a rollout of the workers at 10 s. */
class ServedByRevisionTest {
  private static final Instant T0 = Instant.parse("2026-01-02T03:04:05Z");
  private static final String WORKER = "Deployment/llm/worker";

  private final List<Event> timeline = new ArrayList<>();
  private final List<Request> ledger = new ArrayList<>();
  private final List<Trace> traces = new ArrayList<>();

  private static Instant at(double second) {
    return T0.plusMillis(Math.round(second * 1000));
  }

  /** As a watch tells it: half a second late at most. */
  private ServedByRevisionTest seen(
      double second, String pod, String workload, String revision, boolean ready) {
    timeline.add(
        new Event.PodSeen(
            Stamp.seen(at(second), "api-server", Duration.ofMillis(500)),
            ObjectRef.Pod.parse("pod/llm/" + pod),
            ObjectRef.parse(workload),
            revision,
            ready));
    return this;
  }

  private ServedByRevisionTest rollout() {
    timeline.add(new Event.LoadStarted(Stamp.engine(T0), 1, "10/s"));
    return seen(-1, "old-a", WORKER, "1", true)
        .seen(10, "new-a", WORKER, "2", false)
        .seen(20, "new-a", WORKER, "2", true)
        .seen(21, "old-a", WORKER, "1", false);
  }

  /** Its head comes at {@code head}, its end a second later. */
  private ServedByRevisionTest row(
      String id, double sent, double head, Outcome outcome, String... pods) {
    ledger.add(
        new Request(
            id,
            true,
            at(sent),
            at(sent),
            at(head),
            null,
            at(head),
            at(head),
            at(head + 1),
            3,
            0,
            List.of(pods),
            1,
            0,
            200,
            outcome,
            null,
            null));
    return this;
  }

  private ServedByRevisionTest answered(String id, double sent, String... pods) {
    return row(id, sent, sent + 0.1, Outcome.COMPLETE, pods);
  }

  private ServedByRevision told() {
    return ServedByRevision.of(
            new History(Story.healed().history().drill(), timeline, ledger, traces))
        .orElseThrow();
  }

  private OfWorkload workload(String path) {
    return told().workloads().stream()
        .filter(w -> w.workload().path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private OfRevision worker(String revision) {
    return workload(WORKER).revisions().stream()
        .filter(r -> r.revision().equals(revision))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void revisionsOfEachWorkloadAddUpToTheAnsweredRowsOfTheLedger() {
    rollout()
        .seen(-1, "api-a", "StatefulSet/llm/api", "api-7", true)
        .answered("r-1", 1, "api-a", "old-a")
        .answered("r-2", 12, "api-a", "old-a")
        .answered("r-3", 20.4, "api-a", "new-a")
        .answered("r-moved", 20.9, "api-a", "old-a", "new-a")
        .answered("r-direct", 30, "new-a")
        .answered("r-stranger", 31, "somebody")
        .answered("r-nobody", 32)
        .answered("r-logged", 33)
        .row("r-lost", 34, 34.1, Outcome.TRUNCATED, "api-a", "new-a");
    traces.add(
        new Trace("r-logged", Trace.Source.ACCESS, "", null, "", "", "", "new-a", "", "", 1));

    assertThat(workload(WORKER).revisions())
        .containsExactly(
            new OfRevision("1", List.of("old-a"), 2, at(1), at(13.1), List.of(), List.of()),
            new OfRevision("2", List.of("new-a"), 4, at(20.4), at(34.1), List.of(), List.of()));
    assertThat(workload(WORKER).unnamed()).isEqualTo(2);
    assertThat(workload("StatefulSet/llm/api").answered()).isEqualTo(4);
    assertThat(told().workloads())
        .hasSize(2)
        .allMatch(
            w -> w.answered() + w.unnamed() == ledger.stream().filter(Request::answered).count());
  }

  @Test
  void whoMetAPodBeforeItWasReadyIsNamed() {
    rollout()
        .answered("r-early", 19, "new-a")
        .row("r-failed", 15, 15.1, Outcome.HTTP_ERROR, "new-a")
        .answered("r-within-the-watch", 19.6, "new-a")
        .row("r-kept-until-it-was-ready", 12, 19.8, Outcome.COMPLETE, "new-a")
        .answered("r-ready", 20.5, "new-a");

    assertThat(worker("2").beforeReady()).containsExactly("r-early", "r-failed");
    assertThat(worker("2").afterReady()).isEmpty();
    assertThat(worker("2").answered()).isEqualTo(4);
  }

  @Test
  void whatWasUnderWayWhenAPodWasToldToGoIsNotSentToIt() {
    rollout()
        .row("r-under-way", 20.9, 25, Outcome.COMPLETE, "old-a")
        .answered("r-after", 21.1, "old-a");

    assertThat(worker("1").afterReady()).containsExactly("r-after");
    assertThat(worker("1").beforeReady()).isEmpty();
  }

  @Test
  void whatAPodWasBeforeItWasSeenOrWhileNobodyWatchedIsNotClaimed() {
    rollout().seen(40, "late", WORKER, "2", true).answered("r-before", 30, "late");
    timeline.add(new Event.ObservationLost(Stamp.engine(at(12)), "watch of Pod", "closed"));
    timeline.add(new Event.ObservationResumed(Stamp.engine(at(14)), "watch of Pod"));
    answered("r-blind", 13, "new-a");
    answered("r-watched", 15, "new-a");

    assertThat(worker("2").beforeReady()).containsExactly("r-watched");
  }

  /** Nobody sees of it whether it was Ready before. */
  @Test
  void aPodThatWasLeavingWhenItWasSeenFirstWasNotMetTooEarly() {
    rollout()
        .seen(-1, "leaving", WORKER, "1", false)
        .seen(12, "came", WORKER, "2", false)
        .answered("r-leaving", 5, "leaving")
        .answered("r-came", 14, "came");

    assertThat(worker("1").beforeReady()).isEmpty();
    assertThat(worker("1").afterReady()).isEmpty();
    assertThat(worker("2").beforeReady()).containsExactly("r-came");
  }

  /** What is seen Ready after a gap may have been so since its beginning. */
  @Test
  void readinessIsAsUncertainAsItsStamp() {
    seen(-1, "new-a", WORKER, "2", false);
    timeline.add(
        new Event.PodSeen(
            Stamp.seen(at(20), "api-server", Duration.ofSeconds(8)),
            ObjectRef.Pod.parse("pod/llm/new-a"),
            ObjectRef.parse(WORKER),
            "2",
            true));
    answered("r-known", 11, "new-a").answered("r-perhaps", 13, "new-a");

    assertThat(worker("2").beforeReady()).containsExactly("r-known");
  }

  /** A StatefulSet gives the next pod the name of the last. */
  @Test
  void whoHasTheNameOfAnotherIsKnownByTheTime() {
    String set = "StatefulSet/llm/w";
    seen(-1, "w-0#u1", set, "w-1", true)
        .seen(10, "w-0#u1", set, "w-1", false)
        .seen(12, "w-0#u2", set, "w-2", false)
        .seen(20, "w-0#u2", set, "w-2", true)
        .answered("r-1", 1, "w-0")
        .row("r-2", 9, 25, Outcome.COMPLETE, "w-0")
        .answered("r-3", 30, "w-0");

    assertThat(workload(set).revisions())
        .containsExactly(
            new OfRevision("w-1", List.of("w-0"), 1, at(1), at(2.1), List.of(), List.of()),
            new OfRevision("w-2", List.of("w-0"), 2, at(9), at(31.1), List.of(), List.of()));
  }

  @Test
  void onlyARevisionMoreOrOneThatCameUnderLoadIsAChange() {
    rollout()
        .seen(-1, "api-a", "Deployment/llm/api", "7", true)
        .seen(15, "api-b", "Deployment/llm/api", "7", true)
        .seen(15, "green-a", "Deployment/llm/green", "8", true);

    assertThat(workload(WORKER).changed()).isTrue();
    assertThat(workload("Deployment/llm/api").changed()).isFalse();
    assertThat(workload("Deployment/llm/green").changed()).isTrue();
  }

  @Test
  void whereNobodyToldOfPodsThereIsNothingToSay() {
    answered("r-1", 1, "old-a");

    assertThat(
            ServedByRevision.of(
                new History(Story.healed().history().drill(), timeline, ledger, traces)))
        .isEmpty();
  }
}
