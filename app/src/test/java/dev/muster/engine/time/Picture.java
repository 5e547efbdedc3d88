package dev.muster.engine.time;

import java.time.Duration;

/** Who waits for what, in words. */
final class Picture {
  private Picture() {}

  static String of(Turns turns) {
    turns.enter();
    try {
      StringBuilder text = new StringBuilder();
      for (Member each : turns.sleepers) {
        text.append('\n').append(each.thread).append(" until ").append(Duration.ofNanos(each.wake));
        trace(text, each);
      }
      for (Member each : turns.outside) {
        text.append("\nheld up: ").append(each.thread);
        trace(text, each);
      }
      Member running = turns.current;
      if (running != null) {
        text.append("\nruns: ").append(running.thread);
        trace(text, running);
      }
      return text.toString();
    } finally {
      turns.leave();
    }
  }

  private static void trace(StringBuilder text, Member member) {
    if (member.thread != null) {
      for (StackTraceElement at : member.thread.getStackTrace()) {
        if (at.getClassName().startsWith("dev.muster")) {
          text.append("\n    ").append(at);
        }
      }
    }
  }
}
