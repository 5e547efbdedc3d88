package dev.muster.verdict.check.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The fault is at 0 s and undone at 123 s; Prometheus's clock is the engine's. */
class AlertsCheckTest {
  private static final String ASKED =
      "alerts: [{name: NodeNotReady, firesWithin: 2m, resolvesWithin: 3m, notifiedWithin: 2m}]";
  private static final Map<String, String> N1 = Map.of("node", "n1", "severity", "critical");

  @Test
  void anAlertThatFiredWasToldAndResolvedPassesWithItsOwnTimes() {
    var finding = told().finding("alerts");
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.measured()).isEqualTo(62);
    assertThat(finding.bound()).isEqualTo(120);
    assertThat(finding.why())
        .isEqualTo(
            "NodeNotReady fired 62.0 s after the fault; somebody was told 65.0 s after the fault;"
                + " resolved 12.0 s after the fault was undone");
    assertThat(finding.evidence())
        .contains(
            "rule: up == 0 for 10 s, evaluated every 5 s",
            "Prometheus: fired " + Story.at(62) + ", resolved " + Story.at(135) + " " + N1)
        .anyMatch(e -> e.startsWith("Alertmanager: startsAt " + Story.at(62)))
        .anyMatch(e -> e.startsWith("notified " + Story.at(65) + ": firing"));
  }

  @Test
  void lateIsAFailureWhateverIsLate() {
    assertThat(told().expecting(ASKED.replace("firesWithin: 2m", "firesWithin: 1m")))
        .satisfies(s -> fails(s, 62, 60));
    assertThat(told().expecting(ASKED.replace("resolvesWithin: 3m", "resolvesWithin: 10s")))
        .satisfies(s -> fails(s, 12, 10));
    assertThat(told().expecting(ASKED.replace("notifiedWithin: 2m", "notifiedWithin: 64s")))
        .satisfies(s -> fails(s, 65, 64));
  }

  @Test
  void withoutPrometheussRecordNothingIsKnown() {
    var nobody = story().finding("alerts");
    assertThat(nobody.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(nobody.why()).contains("the drill names no Prometheus");
    var stopped =
        story()
            .observing("prometheus: 'http://p'")
            .event(70, s -> new Event.NotObserved(s, "prometheus", "nobody listens there"))
            .finding("alerts");
    assertThat(stopped.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(stopped.why()).contains("could not be asked (nobody listens there)");
  }

  @Test
  void aNotificationThatNeverArrivedFailsWithTheReason() {
    var stopped =
        told()
            .without(Event.AlertNotified.class)
            .without(Event.AlertHeld.class)
            .event(60, s -> new Event.NotObserved(s, "alertmanager", "no endpoints available"));
    assertThat(stopped.finding("alerts"))
        .satisfies(f -> assertThat(f.status()).isEqualTo(Status.FAIL))
        .satisfies(f -> assertThat(f.why()).contains("no endpoints available"));
    var nowhere =
        told()
            .without(Event.AlertNotified.class)
            .without(Event.AlertHeld.class)
            .event(63, s -> new Event.AlertHeld(s, "NodeNotReady", N1, List.of("nowhere")));
    assertThat(nowhere.finding("alerts"))
        .satisfies(f -> assertThat(f.status()).isEqualTo(Status.FAIL))
        .satisfies(f -> assertThat(f.why()).contains("had it and sends it to [nowhere]"));
  }

  @Test
  void withoutAReceiverNobodyKnowsWhetherSomebodyWasTold() {
    var blind =
        told()
            .without(Event.AlertNotified.class)
            .without(e -> e instanceof Event.AlertsRead r && r.source().equals("muster-receiver"));
    assertThat(blind.finding("alerts").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aSilencedAlertFailsAndSaysWhoSilencedIt() {
    var silenced =
        told()
            .without(Event.AlertNotified.class)
            .event(
                63, s -> new Event.AlertSilenced(s, "NodeNotReady", N1, "silence 7 by ann: works"));
    assertThat(silenced.finding("alerts").status()).isEqualTo(Status.FAIL);
    assertThat(silenced.finding("alerts").why()).contains("silence 7 by ann: works");
  }

  @Test
  void anAlertThatFiredBeforeTheFaultProvesNothing() {
    var before = recorded(story(), -15.0, null, N1);
    assertThat(before.finding("alerts").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(before.finding("alerts").why()).contains("fired already 15.0 s before the fault");
  }

  @Test
  void whatFiredBeforeForSomebodyElseIsNoExcuseForTheVictim() {
    var both = recorded(told(), -15.0, null, Map.of("node", "n3"));
    assertThat(both.finding("alerts").status()).isEqualTo(Status.PASS);
  }

  @Test
  void anAlertAboutSomebodyElseIsNotTheOneThatIsMeant() {
    var other = recorded(told(), 20.0, 30.0, Map.of("node", "n3"));
    assertThat(other.finding("alerts").measured()).isEqualTo(62);
  }

  @Test
  void whatIsToldOfAnotherNodeTellsNobodyOfTheVictim() {
    var n3 = Map.of("node", "n3", "severity", "critical");
    var other =
        recorded(told(), 60.0, 135.0, n3)
            .without(Event.AlertNotified.class)
            .without(Event.AlertHeld.class)
            .event(
                64,
                s ->
                    new Event.AlertNotified(
                        s, "NodeNotReady", n3, "firing", "muster", Story.at(60), null));
    assertThat(other.finding("alerts").status()).isEqualTo(Status.FAIL);
    assertThat(other.finding("alerts").why())
        .contains(
            "fired 62.0 s after the fault; no notification arrived: Alertmanager never had it");
    assertThat(AlertCourse.of(other.history()))
        .extracting(c -> c.labels().get("node") + " " + c.told(c.recorded().getFirst()).isPresent())
        .containsExactly("n3 true", "n1 false");
  }

  @Test
  void eachVictimThatIsNamedMustBeTold() {
    var n2 = Map.of("node", "n2", "severity", "critical");
    var both =
        recorded(told(), 70.0, 135.0, n2)
            .event(
                30,
                s -> new Event.FaultInjected(s, "f2", "NodeShutdown", ObjectRef.Node.parse("n2")));
    assertThat(both.finding("alerts").status()).isEqualTo(Status.FAIL);
    assertThat(both.finding("alerts").why()).contains("fired 70.0 s", "no notification arrived");
  }

  @Test
  void ofOneThatNamesNoVictimTheBestCourseCounts() {
    var gateways =
        recorded(
            told().without(Event.AlertRecorded.class), 62.0, 135.0, Map.of("severity", "critical"));
    assertThat(recorded(gateways, 130.0, 140.0, Map.of("pod", "g2")).finding("alerts").status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void aNotificationIsOfTheRecordThatHadBegunThen() {
    var again = recorded(told(), 100.0, 110.0, N1).history();
    var course = AlertCourse.of(again).getFirst();
    assertThat(course.told(course.recorded().getFirst())).isPresent();
    assertThat(course.told(course.recorded().getLast())).isEmpty();
  }

  @Test
  void anAlertThatDidNotFireFailsAndItsRuleSaysWhy() {
    var none = asked(story());
    assertThat(none.finding("alerts").status()).isEqualTo(Status.FAIL);
    assertThat(none.finding("alerts").why()).contains("Prometheus has no rule of that name");
    var misspelt = rule(asked(story()), "names no metric that is there: kube_nod_status");
    assertThat(misspelt.finding("alerts").status()).isEqualTo(Status.FAIL);
    assertThat(misspelt.finding("alerts").why()).contains("kube_nod_status");
    var outage =
        rule(asked(story()), null).event(60, s -> new Event.NotObserved(s, "prometheus", "gone"));
    assertThat(outage.finding("alerts").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void anAlertThatStillFiresFailsOnlyWhenItsTimeIsOver() {
    var open =
        recorded(rule(asked(story()), null), 62.0, null, N1)
            .expecting("alerts:" + " [{name: NodeNotReady, resolvesWithin: 30s}]");
    assertThat(open.finding("alerts").status()).isEqualTo(Status.FAIL);
    assertThat(open.finding("alerts").measured()).isEqualTo(37);
    open.expecting("alerts: [{name: NodeNotReady, resolvesWithin: 3m}]");
    assertThat(open.finding("alerts").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void strangersAreToldAndNotHeldAgainstTheService() {
    var strangers = recorded(told(), 40.0, 90.0, Map.of("node", "n1"), "TargetDown");
    var finding = strangers.finding("unexpectedAlerts");
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.measured()).isEqualTo(1);
    assertThat(finding.why()).contains("warning", "TargetDown");
    assertThat(finding.evidence()).singleElement().asString().contains("40.0 s after the fault");
    assertThat(story().findings("unexpectedAlerts")).isEmpty();
  }

  private static void fails(Story story, double measured, double bound) {
    var finding = story.finding("alerts");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.measured()).isEqualTo(measured);
    assertThat(finding.bound()).isEqualTo(bound);
    assertThat(finding.why()).contains("later than");
  }

  private static Story story() {
    return Story.healed().expecting(ASKED);
  }

  private static Story asked(Story story) {
    for (var source : List.of("prometheus", "alertmanager", "muster-receiver")) {
      story.event(160, s -> new Event.AlertsRead(s, source, Story.at(-30), Story.at(160)));
    }
    return story;
  }

  private static Story rule(Story story, @Nullable String trouble) {
    return story.event(
        160,
        s ->
            new Event.AlertRuleSeen(
                s,
                "NodeNotReady",
                "up == 0",
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                trouble));
  }

  /** Fired at 62 s, told at 65 s, resolved at 135 s. */
  private static Story told() {
    return recorded(rule(asked(story()), null), 62.0, 135.0, N1)
        .event(63, _ -> new Event.AlertHeld(own(62), "NodeNotReady", N1, List.of("muster")))
        .event(
            65,
            s ->
                new Event.AlertNotified(
                    s, "NodeNotReady", N1, "firing", "muster", Story.at(62), null));
  }

  private static Story recorded(
      Story story, double from, @Nullable Double to, Map<String, String> labels) {
    return recorded(story, from, to, labels, "NodeNotReady");
  }

  private static Story recorded(
      Story story, double from, @Nullable Double to, Map<String, String> labels, String alert) {
    story.event(159, s -> new Event.AlertsRead(s, "prometheus", Story.at(-30), Story.at(160)));
    return story.event(
        from, _ -> new Event.AlertRecorded(own(from), alert, labels, to == null ? null : own(to)));
  }

  private static Stamp own(double seconds) {
    return new Stamp(Story.at(seconds), "prometheus", Story.at(seconds), Duration.ZERO);
  }
}
