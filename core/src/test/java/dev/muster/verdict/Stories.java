package dev.muster.verdict;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import java.util.List;
import java.util.Map;

/** The runs that all stories are told from. */
final class Stories {
  private Stories() {}

  /** Power cut on n1, one worker lost and replaced, power back at 120 s, all in order. */
  static Story healed() {
    var story = new Story();
    story.event(-30, s -> new Event.RunStarted(s, "r", "d", Map.of()));
    story.setting("targetPod", "n1", "Pod/llm/worker-a");
    story.setting("targetPod", "n2", "Pod/llm/worker-b");
    story.setting("tolerationSeconds", "30", "Pod/llm/worker-a");
    story.setting("node-monitor-grace-period", "50s", "kube-controller-manager");
    story.setting("controller", "Deployment/llm/worker", "Pod/llm/worker-a");
    story.setting("controller", "Deployment/llm/worker", "Pod/llm/worker-b");
    story.setting("replicas", "3", "Deployment/llm/worker");
    story.setting("replicas", "3", "Deployment/llm/api");
    story.event(-20, s -> new Event.LoadStarted(s, 1, "constant 10/s"));
    story.event(
        -0.2,
        s ->
            new Event.FaultArmed(
                s, "f1", "NodeShutdown", ObjectRef.Victim.parse("n1"), Story.FAULT, Map.of()));
    story.event(
        -0.1, s -> new Event.FaultInjected(s, "f1", "NodeShutdown", ObjectRef.Victim.parse("n1")));
    story.reached(0, Milestone.POWER_OFF, "node/n1");
    story.event(1, s -> new Event.FaultVerified(s, "f1", Map.of("lease", "stopped")));
    story.reached(50, Milestone.NODE_NOT_READY, "node/n1");
    story.reached(50.5, Milestone.TAINT_NO_EXECUTE, "node/n1");
    story.reached(50.1, Milestone.POD_NOT_READY, "pod/llm/worker-a");
    story.replaced("worker-a", "worker-c", 80.5);
    story.event(60, s -> new Event.EffectSeen(s, "f1", Map.of("lease", "stopped")));
    story.event(118, s -> new Event.EffectSeen(s, "f1", Map.of("lease", "stopped")));
    story.event(119.9, s -> new Event.FaultReverting(s, "f1", "duration is over"));
    story.reached(120, Milestone.POWER_ON, "node/n1");
    story.reached(122, Milestone.NODE_READY, "node/n1");
    story.event(123, s -> new Event.FaultReverted(s, "f1", Map.of("power", "on")));
    story.event(140, s -> new Event.PhaseEnded(s, "recover", null));
    story.event(160, s -> new Event.ResidueAudited(s, List.of(), List.of()));
    story.event(161, s -> new Event.RunEnded(s));
    story.requests(-20, 139.9, Outcome.COMPLETE);
    return story;
  }

  /** The main process of a worker killed, started again at 3 s and ready again at 15 s. */
  static Story killed() {
    var story = new Story();
    story.event(-30, s -> new Event.RunStarted(s, "r", "d", Map.of()));
    story.setting("targetPod", "n1", "Pod/llm/worker-a");
    story.event(-20, s -> new Event.LoadStarted(s, 1, "constant 10/s"));
    var victim = "pod/llm/worker-a";
    story.event(
        -0.2,
        s ->
            new Event.FaultArmed(
                s, "f1", "ProcessKill", ObjectRef.Victim.parse(victim), Story.FAULT, Map.of()));
    story.event(
        0, s -> new Event.FaultInjected(s, "f1", "ProcessKill", ObjectRef.Victim.parse(victim)));
    story.reached(0.2, Milestone.CONTAINER_ENDED, victim);
    story.event(1, s -> new Event.FaultVerified(s, "f1", Map.of("container", "ended")));
    story.event(2, s -> new Event.FaultReverted(s, "f1", Map.of()));
    story.reached(3, Milestone.CONTAINER_RESTARTED, victim);
    story.reached(15, Milestone.POD_READY_AGAIN, victim);
    story.event(20, s -> new Event.PhaseEnded(s, "recover", null));
    story.event(21, s -> new Event.RunEnded(s));
    story.requests(-20, 25, Outcome.COMPLETE);
    return story;
  }
}
