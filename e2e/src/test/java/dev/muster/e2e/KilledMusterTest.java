package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.e2e.KillingLab.Kill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Muster is killed at any moment of a run: after the fault's ttl the node is clean without help,
 * the run's namespace goes, and cleanup finds nothing. Now and then something else dies as well:
 * the agent, the kubelet, the container runtime. {@code -Dkills=200} kills more often, {@code
 * -Dkill.labs=4} in more labs at once, for most of it is waiting; {@code -Dkill.seed=N} repeats a
 * series.
 */
@Tag("lab")
@Isolated("it has three labs of its own.")
class KilledMusterTest {
  private static final List<String> FAULTS =
      List.of(
          "kind: NodeNetwork",
          "kind: CpuStress, load: 50, workers: 1",
          "kind: KubeletStop",
          "kind: DnsFailure",
          "kind: DiskFill, size: 64Mi");

  private static final List<String> ALSO =
      List.of("", "", "", "agent", "kubelet", "containerd", "");

  /**
   * A lab's start is work for the CPU, not waiting. Of six at once on 2 cores each control plane
   * took 42 s of the 60 s that it has; of two at once, 6 s.
   */
  private static final Semaphore STARTS = new Semaphore(2);

  @TempDir static Path home;
  private static final List<KillingLab> LABS = new ArrayList<>();
  private static final BlockingQueue<KillingLab> FREE = new LinkedBlockingQueue<>();
  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();
  private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
  private static final Map<Interference, Future<?>> INTERFERENCES =
      new EnumMap<>(Interference.class);
  private static final Map<Kill, Future<Boolean>> KILLS = new LinkedHashMap<>();
  private static Future<?> rights = CompletableFuture.completedFuture("");
  private static Future<?> room = CompletableFuture.completedFuture("");

  /** All that is to be seen goes on at once, in whatever lab is free; each test awaits its own. */
  @BeforeAll
  static void up() throws Exception {
    for (int number = 1; number <= Integer.getInteger("kill.labs", 3); number++) {
      String name = "killed-" + number;
      LABS.add(new KillingLab(Files.createDirectory(home.resolve(name)), name));
    }
    inEach(lab -> {
      STARTS.acquire();
      try {
        lab.up();
      } finally {
        STARTS.release();
      }
      return lab;
    });
    FREE.addAll(LABS);
    for (Interference what : Interference.values()) {
      INTERFERENCES.put(
          what,
          inFree(lab -> {
            new InterferedRun(lab).isJudgedRightAndCleanedUp(what);
            System.out.println(what + " in " + lab.name() + ": judged right, nothing left");
            return lab;
          }));
    }
    room = inFree(KilledMusterTest::whatIsTooLargeIsRefused);
    rights =
        inFree(lab -> {
          new LeastRights(lab, home).sufficeAndLessIsRefused();
          return lab;
        });
    int kills = Integer.getInteger("kills", 6);
    System.out.println("kill.seed " + SEED + ", kills " + kills);
    for (Kill kill : drawn(new Random(SEED), kills)) {
      KILLS.put(
          kill,
          inFree(lab -> {
            boolean armed = lab.killed(kill);
            System.out.println(kill + (armed ? ": a fault was armed" : ""));
            return armed;
          }));
    }
  }

  @AfterAll
  static void down() throws Exception {
    THREADS.shutdownNow(); // what no test awaited
    inEach(lab -> {
      lab.close();
      return lab;
    });
  }

  @Test
  void theNodeHealsByItselfAndCleanupFindsNothingMore() throws Exception {
    int armed = 0;
    for (Future<Boolean> kill : KILLS.values()) {
      armed += kill.get() ? 1 : 0;
    }
    System.out.println("a fault was armed in " + armed + " of " + KILLS.size() + " killed runs");
    assertThat(armed).as("kills that hit a fault (seed %d)", SEED).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void whoeverInterferesMakesNoPassAndLeavesNothing(Interference what) throws Exception {
    Objects.requireNonNull(INTERFERENCES.get(what)).get();
  }

  @Test
  void theRightsThatRbacPrintsSuffice() throws Exception {
    rights.get();
  }

  @Test
  void whatTheOtherNodesCanNotHoldIsRefusedWithNumbersAndAFindingWhereForced() throws Exception {
    room.get();
  }

  private static List<Kill> drawn(Random random, int kills) {
    var drawn = new ArrayList<Kill>();
    for (int number = 1; number <= kills; number++) {
      String fault = FAULTS.get(random.nextInt(FAULTS.size()));
      String also = ALSO.get(random.nextInt(ALSO.size()));
      // spread over the run, so that few kills meet a fault as well
      double share = (number - 1 + random.nextDouble()) / kills;
      drawn.add(new Kill(number, fault, also, share));
    }
    return drawn;
  }

  private static KillingLab whatIsTooLargeIsRefused(KillingLab lab) throws IOException {
    Path large = Files.writeString(home.resolve("large.yaml"), large());
    lab.kubectl("apply", "-f", large.toString());
    lab.kubectl("wait", "--for=condition=Available", "deployment", "--all", "--timeout=60s");
    try {
      Muster muster = new Muster(home.resolve("room"));
      Path drill = lab.drill("kind: NodeNetwork");
      Muster.Ended refused = muster.run(Duration.ofMinutes(2), lab.run(drill));
      assertThat(refused.exit()).as(refused.endFirst()).isEqualTo(69);
      assertThat(refused.output()).contains("no fault was injected").contains("2000 MiB");
      assertThat(muster.runs()).as("a refused run leaves nothing").isEmpty();

      List<String> forced = new ArrayList<>(List.of(lab.run(drill)));
      forced.add("--force");
      Muster.Ended ended = muster.run(Duration.ofMinutes(3), forced.toArray(String[]::new));
      assertThat(ended.exit()).as(ended.endFirst()).isEqualTo(1);
      assertThat(Muster.finding(muster.report(), "preflight").get("why").asString())
          .contains("--force");
    } finally {
      lab.kubectl("delete", "-f", large.toString(), "--wait");
      lab.kubectl("wait", "--for=delete", "pod", "-l", "app=large", "--timeout=60s");
    }
    return lab;
  }

  /** A pod on each node that takes most of it. */
  private static String large() {
    StringBuilder yaml = new StringBuilder();
    for (String node : List.of(KillingLab.NODE, "node-2", "ops")) {
      yaml.append(
          """
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: large-%1$s}
          spec:
            selector: {matchLabels: {app: large, on: %1$s}}
            template:
              metadata: {labels: {app: large, on: %1$s}}
              spec:
                nodeName: %1$s
                terminationGracePeriodSeconds: 0
                containers:
                  - name: pause
                    image: muster.dev/pause:1
                    imagePullPolicy: Never
                    resources: {requests: {memory: 2000Mi}}
          """
              .formatted(node));
    }
    return yaml.toString();
  }

  private interface InLab<T> {
    T with(KillingLab lab) throws Exception;
  }

  private static <T> Future<T> inFree(InLab<T> work) {
    return THREADS.submit(() -> {
      KillingLab lab = FREE.take();
      try {
        return work.with(lab);
      } finally {
        FREE.add(lab);
      }
    });
  }

  /** In all labs at once; the first failure is told when all have ended. */
  private static void inEach(InLab<KillingLab> work) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<KillingLab>> calls =
          LABS.stream().map(lab -> (Callable<KillingLab>) () -> work.with(lab)).toList();
      for (Future<KillingLab> ended : threads.invokeAll(calls)) {
        ended.get();
      }
    }
  }
}
