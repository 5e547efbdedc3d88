package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Trace.Source;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs in which names are alike and things are not. */
class IdentityTest {

  @Test
  void anotherWorkloadWhoseNameBeginsAlikeIsNotTheVictims() {
    var story =
        Story.healed()
            .setting("replicas", "1", "Deployment/llm/api")
            .setting("pod", "n1", "Pod/llm/api-docs-5d-x")
            .setting("controller", "Deployment/llm/api-docs", "Pod/llm/api-docs-5d-x")
            .setting("pod", "n2", "Pod/llm/api-7f-y")
            .setting("controller", "Deployment/llm/api", "Pod/llm/api-7f-y");
    assertThat(story.finding("redundancy").status()).isEqualTo(Status.PASS);

    story.setting("pod", "n1", "Pod/llm/api-7f-y");
    assertThat(story.finding("redundancy").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void aPodOfTheSameNameThatWasKilledElsewhereExplainsNoMissingLine() {
    assertThat(reconciled("pod/other/w-a").status()).isEqualTo(Status.FAIL);
    assertThat(reconciled("pod/llm/w-a").status()).isEqualTo(Status.PASS);
  }

  private static Finding reconciled(String killed) {
    var story =
        Story.healed()
            .without(Event.FaultInjected.class)
            .expecting("reconciled: {unexplained: 0}")
            .event(
                0, s -> new Event.FaultInjected(s, "f1", "PodKill", ObjectRef.Victim.parse(killed)))
            .event(
                -25,
                s ->
                    new Event.PodsPlaced(
                        s,
                        Map.of(
                            ObjectRef.Pod.parse("pod/llm/w-a"), ObjectRef.Node.parse("node/n2"))))
            .requests(-20, -0.1, Outcome.COMPLETE)
            .requests(0, 139.9, Outcome.NOT_SENT)
            .traced("w-a")
            .withoutTraces(t -> t.source() == Source.LOG && t.pod().equals("w-a") && late(t.id()));
    return story.read(Source.USAGE, Source.LOG).finding("reconciled");
  }

  /** Answered in the last second before the kill: such lines go with their pod. */
  private static boolean late(String request) {
    return Double.parseDouble(request.substring(1)) >= -1;
  }
}
