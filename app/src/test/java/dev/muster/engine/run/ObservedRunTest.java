package dev.muster.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the observers of a run are asked. */
class ObservedRunTest extends SmallRun {

  @Test
  void observersBeginBeforeTheLoadAreWaitedForUnderLoadAndAskedAfterIt()
      throws InterruptedException {
    observers = List.of(new SmallObserver(this, null));
    run();
    assertThat(acts)
        .containsSubsequence(
            "observer begins",
            "load",
            "inject",
            "revert",
            "settled?",
            "settled?",
            "load ends",
            "observer ends",
            "audit");
    assertThat(phases()).containsSubsequence("recover", "verify", "audit");
  }

  @Test
  void anAbortedRunAsksItsObserversWithoutWaiting() throws InterruptedException {
    observers = List.of(new SmallObserver(this, null));
    Thread.ofVirtual().start(this::abortOnceInjected);
    run();
    assertThat(acts).contains("observer ends").doesNotContain("settled?");
  }

  @Test
  void anObserverThatFailsIsWrittenDownAndHarmsNobody() throws InterruptedException {
    observers = List.of(new SmallObserver(this, "nobody listens"), new SmallObserver(this, null));
    run();
    assertThat(acts).contains("observer ends", "audit");
    assertThat(events())
        .anyMatch(e ->
            e instanceof Event.NotObserved n
                && n.what().equals("watcher")
                && n.why().equals("nobody listens"));
    assertThat(aborts()).isEmpty();
  }
}
