package dev.muster.deepseek.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The modelled machine: one loop with continuous batching. In each step every stream of the batch
 * gains a token, and the prompts of newcomers are read with the step's prefill budget, in order of
 * arrival.
 *
 * <p>{@link #submit} may be called by any thread.
 */
final class Engine implements AutoCloseable {
  private final Speed speed;
  private final int maxWaiting;
  private final WorkerMetrics metrics;
  private final ArrayDeque<Generation> waiting = new ArrayDeque<>();
  private final List<Generation> batch = new ArrayList<>();
  private boolean closed;
  private final Thread loop;

  Engine(Speed speed, int maxWaiting, WorkerMetrics metrics) {
    this.speed = speed;
    this.maxWaiting = maxWaiting;
    this.metrics = metrics;
    this.loop = Thread.ofPlatform().daemon().name("engine").unstarted(this::run);
  }

  void start() {
    loop.start();
  }

  /** Empty if the queue is full. */
  Optional<Generation> submit(int promptTokens, int total) {
    synchronized (waiting) {
      if (waiting.size() >= maxWaiting + Math.max(0, speed.maxBatch() - running())) {
        return Optional.empty();
      }
      var generation = new Generation(promptTokens, total);
      waiting.add(generation);
      waiting.notifyAll();
      return Optional.of(generation);
    }
  }

  int running() {
    synchronized (waiting) {
      return batch.size();
    }
  }

  int queued() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  @Override
  public void close() {
    synchronized (waiting) {
      closed = true;
      waiting.notifyAll();
    }
  }

  private void run() {
    try {
      var due = System.nanoTime();
      while (true) {
        var idle = admit();
        if (idle < 0) {
          return;
        }
        var step = speed.step(running());
        // A step is due after the one before, unless the machine was idle in between
        due = (idle > 0 ? System.nanoTime() : due) + step.toNanos();
        sleepUntil(due);
        step(step);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Fills the batch; waits while there is nothing to do.
   *
   * @return 1 if it waited, 0 if not, -1 if the engine was closed
   */
  private int admit() throws InterruptedException {
    synchronized (waiting) {
      var idle = 0;
      while (batch.isEmpty() && waiting.isEmpty()) {
        if (closed) {
          return -1;
        }
        idle = 1;
        waiting.wait();
      }
      waiting.removeIf(Generation::cancelled);
      while (batch.size() < speed.maxBatch() && !waiting.isEmpty()) {
        var next = waiting.remove();
        next.admit();
        batch.add(next);
      }
      return idle;
    }
  }

  private void step(Duration length) {
    List<Generation> present;
    synchronized (waiting) {
      present = List.copyOf(batch);
    }
    var budget = speed.prefillPerSecond() * length.toNanos() / 1e9;
    var tokens = 0;
    for (var generation : present) {
      budget = generation.prefill(budget);
      tokens += !generation.cancelled() && generation.step() ? 1 : 0;
    }
    metrics.step(tokens);
    synchronized (waiting) {
      batch.removeIf(g -> g.finished() || g.cancelled());
    }
  }

  private static void sleepUntil(long due) throws InterruptedException {
    for (var left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
