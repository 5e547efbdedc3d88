package dev.muster.engine.time;

import dev.muster.drill.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@link VirtualThreads} wait for. */
final class VirtualSignal implements Time.Signal {
  private final Turns turns;
  private final VirtualThreads threads;
  final List<Member> waiting = new ArrayList<>();
  boolean raised;

  VirtualSignal(Turns turns, VirtualThreads threads) {
    this.turns = turns;
    this.threads = threads;
  }

  @Override
  public void raise() {
    turns.enter();
    try {
      raised = true;
      for (Member member : waiting) {
        turns.sleepers.remove(member);
        member.awaits = null;
        turns.ready.add(member);
      }
      waiting.clear();
      if (turns.current == null) {
        turns.next();
      }
    } finally {
      turns.leave();
    }
  }

  @Override
  public boolean raised() {
    turns.enter();
    try {
      return raised;
    } finally {
      turns.leave();
    }
  }

  @Override
  public boolean await(Duration atMost) throws InterruptedException {
    if (!raised() && atMost.isPositive()) {
      threads.pause(atMost, this);
    } else if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return raised();
  }
}
