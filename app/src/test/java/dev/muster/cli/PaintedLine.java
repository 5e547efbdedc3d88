package dev.muster.cli;

import dev.muster.engine.console.Console;

/** A program whose live line is long: what {@link TerminalTest} looks at. */
final class PaintedLine {
  private PaintedLine() {}

  /** Ends after the second painting, which wipes what the first has left. */
  @SuppressWarnings("ClosingStandardOutputStreams") // a console leaves its stream open
  public static void main(String[] args) throws InterruptedException {
    Main.utf8();
    var twice = new java.util.concurrent.CountDownLatch(2);
    try (Console console = Main.console(System.out, false)) {
      console.phase("inject", java.time.Duration.ofMinutes(4));
      console.live(() -> {
        twice.countDown();
        return "节点 node-1 未就绪 ".repeat(12);
      });
      if (args.length == 0) {
        twice.await();
      }
      console.say("节点 node-1 NotReady");
    }
  }
}
