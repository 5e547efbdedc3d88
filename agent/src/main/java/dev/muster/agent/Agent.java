package dev.muster.agent;

import dev.muster.agent.node.FaultException;
import dev.muster.agent.pod.OwnNamespace;
import dev.muster.agent.pod.Probe;
import dev.muster.agent.pod.Reaper;
import dev.muster.agent.pod.Receiver;
import dev.muster.agent.words.AgentEventWriter;
import dev.muster.agent.words.Arguments;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.InjectionSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * The agent's commands: {@code inject}, {@code audit}, {@code clean}, {@code probe}, {@code
 * receive}, {@code reap} and {@code wait}, each followed by words {@code name=value}. What it has
 * to say are JSON lines on standard output.
 */
public final class Agent {
  private Agent() {}

  public static void main(String[] args) throws InterruptedException {
    AgentEventWriter events = new AgentEventWriter(System.out, Clock.systemUTC());
    if (args.length == 0) {
      events.say(
          new AgentEvent.Refused("no command: inject, audit, clean, probe, receive, reap or wait"));
      System.exit(64);
    }
    try {
      System.exit(run(args[0], Arguments.of(List.of(args).subList(1, args.length)), events));
    } catch (IllegalArgumentException | FaultException e) {
      events.say(new AgentEvent.Refused(String.valueOf(e.getMessage())));
      System.exit(64);
    }
  }

  private static int run(String command, Arguments given, AgentEventWriter events)
      throws InterruptedException {
    Path home = Path.of(given.text("home", "/var/lib/muster"));
    Path cgroups = Path.of(given.text("cgroups", "/node/cgroup"));
    return switch (command) {
      case "inject" -> {
        InjectionSpec spec = InjectionSpec.of(given.text(InjectionSpec.ARGUMENT, ""));
        Path folder = home.resolve(spec.run() + "." + spec.fault());
        Injection injection = new Injection(spec, folder, cgroups, events);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> undoBeforeExit(injection)));
        yield injection.run();
      }
      case "audit" -> new Audit(home, cgroups, events).run(false);
      case "clean" -> new Audit(home, cgroups, events).run(true);
      case "probe" -> new Probe(given, events).run();
      case "receive" -> new Receiver(events).run((int) given.number("port", 8080));
      case "reap" -> {
        Duration silence = given.seconds("silence");
        try (OwnNamespace namespace = OwnNamespace.of(given.text("namespace"))) {
          yield new Reaper(namespace, silence, events, System::nanoTime).run();
        }
      }
      case "wait" -> {
        Thread.sleep(given.seconds("seconds"));
        yield 0;
      }
      default -> throw new IllegalArgumentException("unknown command " + command);
    };
  }

  /** The pod is being deleted: that is how a fault is ended early. */
  private static void undoBeforeExit(Injection injection) {
    try {
      injection.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
