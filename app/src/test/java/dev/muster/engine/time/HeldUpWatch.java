package dev.muster.engine.time;

import java.util.concurrent.locks.LockSupport;

/** Looks, in real time, for threads that are held up elsewhere, and passes them over. */
final class HeldUpWatch {
  private final Turns turns;

  HeldUpWatch(Turns turns) {
    this.turns = turns;
  }

  void look() {
    long before = -1;
    int same = 0;
    while (true) {
      LockSupport.parkNanos(500_000);
      turns.enter();
      try {
        if (turns.closed
            && turns.current == null
            && turns.sleepers.isEmpty()
            && turns.ready.isEmpty()) {
          return;
        }
        same = turns.given == before ? same + 1 : 0;
        before = turns.given;
        Member running = turns.current;
        if (same < 4) {
          continue;
        }
        if (running != null && running.running && heldUp(running)) {
          turns.outside.add(running);
          turns.current = null;
          turns.next();
        } else if (running == null && turns.outside.stream().allMatch(HeldUpWatch::heldUp)) {
          if (turns.ready.isEmpty() && !turns.sleepers.isEmpty()) {
            turns.jump();
          }
          turns.next();
        }
      } finally {
        turns.leave();
      }
    }
  }

  private static boolean heldUp(Member member) {
    if (member.inside.get() > 0) {
      return false;
    }
    return switch (member.thread == null ? Thread.State.NEW : member.thread.getState()) {
      case BLOCKED, WAITING, TIMED_WAITING -> true;
      default -> false;
    };
  }
}
