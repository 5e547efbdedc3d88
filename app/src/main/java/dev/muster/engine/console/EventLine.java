package dev.muster.engine.console;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** An event as one line for a person; empty for those that only matter to checks. */
public final class EventLine {
  private EventLine() {}

  public static Optional<String> of(Event event) {
    return Optional.ofNullable(
        switch (event) {
          case Event.FaultArmed e ->
              "fault armed: "
                  + e.kind()
                  + " of "
                  + e.victim()
                  + (e.ttl() == null ? ", nothing to undo" : ", undone at the latest " + e.ttl());
          case Event.FaultInjected e -> "fault injected: " + e.kind() + " of " + e.victim();
          case Event.FaultVerified e -> "effect verified: " + e.evidence();
          case Event.FaultNotVerified e -> "EFFECT NOT SEEN: " + e.why();
          case Event.FaultUnfinished e -> "NOT DONE IN ITS TIME: " + e.left();
          case Event.EffectLost e -> "EFFECT LOST: " + e.why();
          case Event.FaultReverting e -> "reverting: " + e.why();
          case Event.FaultReverted _ -> "fault reverted";
          case Event.FaultNotReverted e -> "FAULT NOT REVERTED: " + e.why();
          case Event.FaultRevertUnseen e -> "nobody saw whether the fault is undone: " + e.why();
          case Event.MilestoneReached e -> words(e.milestone()) + ": " + e.object().path();
          case Event.OutsideChange e ->
              "not the drill's doing: " + e.object().path() + " " + e.change().words();
          case Event.ObservationLost e -> "blind: " + e.what() + " (" + e.why() + ")";
          case Event.ObservationResumed e -> "sees again: " + e.what();
          case Event.NotObserved e -> "not observed: " + e.what() + " (" + e.why() + ")";
          case Event.AlertFired e -> "alert fires: " + e.alert() + " " + e.labels();
          case Event.AlertResolved e -> "alert resolved: " + e.alert() + " " + e.labels();
          case Event.AlertSilenced e -> "alert silenced: " + e.alert() + ", " + e.by();
          case Event.AlertNotified e -> "notified: " + e.alert() + " is " + e.status();
          case Event.EnginePaused e ->
              "MUSTER STOOD STILL for "
                  + seconds(e.length())
                  + " s from "
                  + e.from()
                  + ": nothing was watched meanwhile";
          case Event.GeneratorLate e ->
              "THE LOAD GENERATOR WAS LATE by up to "
                  + seconds(e.lag())
                  + " s, for "
                  + seconds(e.length())
                  + " s from "
                  + e.from();
          case Event.LoadPodLost e ->
              "THE LOAD'S POD " + e.pod() + " on node " + e.node() + " WAS LOST: " + e.why();
          case Event.LoadPodEnded e ->
              "the load's pod " + e.pod() + " ended: " + e.rows() + " requests";
          case Event.ClockStepped e ->
              "THE CLOCK OF THIS MACHINE WAS SET by " + seconds(e.by()) + " s";
          case Event.RunAborted e -> "aborted: " + e.why();
          case Event.ResidueAudited e ->
              e.residue().isEmpty() && e.notLookedAt().isEmpty()
                  ? "audit: nothing left behind"
                  : "audit: left behind " + e.residue() + ", not looked at " + e.notLookedAt();
          case Event.PhaseEnded e ->
              // why is told once: by the run for a recovery, else at its end with what to do
              e.failure() == null ? null : e.phase() + " failed";
          case Event.LoadEnded e -> "load ended: " + e.scheduled() + " requests scheduled";
          case Event.PreflightForced e -> "FORCED although preflight refused: " + e.refusals();
          case Event.AgentSaid e when !e.detail().containsKey("why") && !e.what().equals("armed") ->
              null; // its course, which the fault's own events tell
          case Event.AgentSaid e ->
              "agent on "
                  + e.node()
                  + ": "
                  + e.what()
                  + (e.detail().containsKey("why") ? ": " + e.detail().get("why") : "");
          case Event.EtcdChanged e ->
              e.leader().isEmpty()
                  ? "the service's etcd has no leader, silent: " + e.silent()
                  : "the service's etcd is led by "
                      + e.leader()
                      + (e.silent().isEmpty() ? "" : ", silent: " + e.silent());
          case Event.TracesRead e -> e.rows() + " traces read: " + e.source();
          case Event.LogsCounted e -> e.lines() + " log lines match " + e.query();
          case Event.SqlAnswered e -> e.database() + " answers " + e.answer();
          case Event.EffectSeen _,
              Event.PodSeen _,
              Event.PodsPlaced _,
              Event.VictimHosts _,
              Event.EtcdHashed _,
              Event.CachesChanged _,
              Event.RunStarted _,
              Event.PhaseStarted _,
              Event.SettingObserved _,
              Event.LoadStarted _,
              Event.AlertHeld _,
              Event.AlertRecorded _,
              Event.AlertRuleSeen _,
              Event.AlertsRead _,
              Event.RunEnded _ ->
              null;
        });
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1000.0);
  }

  /** Its name, unless a report calls it otherwise. */
  private static String words(Milestone milestone) {
    return milestone == Milestone.LEFTOVERS_GONE
        ? "old pods gone"
        : milestone.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
