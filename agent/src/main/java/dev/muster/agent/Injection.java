package dev.muster.agent;

import dev.muster.agent.deed.Deed;
import dev.muster.agent.deed.Deeds;
import dev.muster.agent.node.FaultException;
import dev.muster.agent.words.AgentEventWriter;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.InjectionSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One fault on this node, from the armed undo to the verified revert. */
final class Injection {
  /** Between the announcement and the deed: a node that is cut off cannot announce it later. */
  static final Duration LEAD = Duration.ofSeconds(1);

  /** Also an effect of a fault that is shorter is looked for so long. */
  private static final Duration VERIFY = Duration.ofSeconds(20);

  private static final Duration REVERT = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(500);

  /** While the fault is held the node is not looked at so often that looking disturbs it. */
  private static final Duration APART = Duration.ofSeconds(2);

  /** A look may fail by chance, as while somebody holds the lock of iptables. */
  private static final int UNSEEN = 3;

  /** That the effect is still there is said so often. */
  private static final Duration SAID = Duration.ofSeconds(10);

  private final InjectionSpec spec;
  private final Path folder;
  private final Path cgroups;
  private final AgentEventWriter events;
  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable ArmedUndo undo;
  private long injected;
  private long seen;

  /**
   * @param folder of the fault on the node, {@code /var/lib/muster/RUN.FAULT}
   */
  Injection(InjectionSpec spec, Path folder, Path cgroups, AgentEventWriter events) {
    this.spec = spec;
    this.folder = folder;
    this.cgroups = cgroups;
    this.events = events;
  }

  /** Ends the fault early and waits until it is undone: what a signal to the pod does. */
  void end() throws InterruptedException {
    told.countDown();
    ended.await(REVERT.toMillis() + 5000, TimeUnit.MILLISECONDS);
  }

  /** Exit code: 0 injected, seen and undone; 1 not seen; 2 not undone; 3 refused. */
  int run() throws InterruptedException {
    try {
      return carryOut();
    } finally {
      ended.countDown();
    }
  }

  private int carryOut() throws InterruptedException {
    Duration duration = spec.duration();
    Deed deed;
    ArmedUndo armed;
    try {
      Files.createDirectories(folder.getParent());
      Files.createDirectory(folder);
    } catch (IOException e) {
      events.say(
          new AgentEvent.Refused("can not make " + folder + " on the node: " + e.getMessage()));
      return 3;
    }
    try {
      ArmedUndo.copy("join.sh", folder);
      deed = Deeds.of(spec, folder, cgroups);
      List<String> lines = deed.undo();
      armed = ArmedUndo.arm(folder, lines, spec.ttl(), cgroups);
      undo = armed;
      events.alsoTo(folder);
      events.say(new AgentEvent.Armed(String.join("; ", lines), armed.described()));
    } catch (FaultException | IllegalArgumentException | IOException e) {
      events.say(new AgentEvent.Refused(String.valueOf(e.getMessage())));
      giveUp();
      return 3;
    }
    events.say(new AgentEvent.Injecting(LEAD.toMillis()));
    if (told.await(LEAD.toMillis(), TimeUnit.MILLISECONDS)) {
      injected = System.nanoTime();
      return revert(deed, armed, 0);
    }
    int code = 0;
    try {
      injected = System.nanoTime();
      deed.inject();
      events.say(new AgentEvent.Injected());
      code = verify(deed, duration) ? 0 : 1;
    } catch (FaultException e) {
      events.say(new AgentEvent.NotVerified(String.valueOf(e.getMessage())));
      code = 1;
    }
    if (code == 0 && seen != 0) {
      hold(deed, duration);
    }
    return revert(deed, armed, code);
  }

  private boolean verify(Deed deed, Duration duration) throws InterruptedException {
    long longest = Math.max(VERIFY.toNanos(), deed.patience().toNanos());
    long deadline = injected + Math.clamp(duration.toNanos(), VERIFY.toNanos(), longest);
    do {
      Optional<Map<String, String>> effect = deed.effect();
      if (effect.isPresent()) {
        seen = System.nanoTime();
        events.say(new AgentEvent.Verified(effect.get()));
        return true;
      }
    } while (System.nanoTime() < deadline && !told.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
    if (told.getCount() == 0) {
      return true; // ended before its time: that nothing was seen until now denies nothing
    }
    events.say(new AgentEvent.NotVerified("no effect was seen on the node"));
    return false;
  }

  /**
   * Until the duration since the injection is over or it is told to end, and in either case not
   * without a last look. An effect that is gone before is told once: a stress-ng that died stresses
   * nobody.
   */
  private void hold(Deed deed, Duration duration) throws InterruptedException {
    long until = injected + duration.toNanos();
    long said = System.nanoTime();
    int unseen = 0;
    boolean last = false;
    try {
      while (!last) {
        long wait = Math.min(APART.toNanos(), until - System.nanoTime());
        last = told.await(wait, TimeUnit.NANOSECONDS) || System.nanoTime() >= until;
        Optional<Map<String, String>> still = last ? lastLook(deed) : deed.still();
        if (still.isPresent()) {
          unseen = 0;
          seen = System.nanoTime();
          if (last || seen - said >= SAID.toNanos()) {
            said = seen;
            events.say(new AgentEvent.Held(still.get()));
          }
        } else if (last || ++unseen == UNSEEN) {
          throw new FaultException("the effect is not seen on the node any more");
        }
      }
    } catch (FaultException e) {
      events.say(new AgentEvent.Lost(String.valueOf(e.getMessage()), millis(seen)));
      told.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
  }

  private static Optional<Map<String, String>> lastLook(Deed deed) throws InterruptedException {
    Optional<Map<String, String>> still = deed.still();
    for (int again = 1; still.isEmpty() && again < UNSEEN; again++) {
      Thread.sleep(LOOK);
      still = deed.still();
    }
    return still;
  }

  /** From the injection to then; by this node's own clock, which nobody sets. */
  private long millis(long nanos) {
    return Math.max(0, nanos - injected) / 1_000_000;
  }

  private int revert(Deed deed, ArmedUndo armed, int code) throws InterruptedException {
    events.say(
        new AgentEvent.Reverting(
            told.getCount() == 0 ? AgentEvent.Reverting.TOLD : AgentEvent.Reverting.OVER,
            millis(System.nanoTime())));
    Optional<String> failed = armed.fire(REVERT);
    if (failed.isEmpty()) {
      failed = deed.remains();
    }
    if (failed.isPresent()) {
      events.say(new AgentEvent.NotReverted(failed.get()));
      return 2;
    }
    events.say(new AgentEvent.Reverted());
    return code;
  }

  /** Nothing was done: nothing may be left. */
  private void giveUp() throws InterruptedException {
    ArmedUndo armed = undo;
    if (armed != null) {
      armed.fire(REVERT);
      return;
    }
    try {
      for (String name : List.of("undo", "undo.sh", "join.sh")) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      events.say(new AgentEvent.NotReverted("can not remove " + folder));
    }
  }
}
