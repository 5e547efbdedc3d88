package dev.muster.deepseek.worker;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.worker.profile.Speed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What the modelled machine computes in each step: continuous batching with chunked prefill, as
 * vLLM's scheduler does it (docs.vllm.ai, configuration/optimization). A step has a budget of
 * tokens. Those in the batch come first, in the order in which they came: one token of an answer,
 * or as much of a prompt as the budget allows; then newcomers. Where no block of the cache is free,
 * the one that came last is preempted: it loses its blocks and waits, first in the queue, until its
 * prompt and the tokens that it has can be computed again. None of its tokens is lost or made
 * twice.
 *
 * <p>Not safe for use by several threads.
 */
final class Scheduler {
  private final Speed speed;
  private final int maxWaiting;
  private final WorkerMetrics metrics;
  private KvCache cache;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private int expected;

  /** In the order of their admission. */
  private final List<Sequence> running = new ArrayList<>();

  /**
   * What a step computes.
   *
   * @param streams how many have a part in it
   * @param prefill tokens that are computed before an answer can begin or go on
   */
  record Step(int streams, int prefill) {}

  /** A generation and what the machine has of it. */
  private static final class Sequence {
    final Generation generation;
    final KvCache.Table table = new KvCache.Table();

    /** Tokens of prompt and answer whose keys and values are in the blocks, once it is admitted. */
    int computed;

    /** Tokens that this step computes. */
    int planned;

    Sequence(Generation generation) {
      this.generation = generation;
    }

    int missing() {
      return generation.promptTokens() + generation.produced() - computed;
    }

    /** Whether only its last token is to be computed, which gives the next. */
    boolean decodes() {
      return generation.produced() > 0 && missing() == 1;
    }
  }

  Scheduler(Speed speed, int maxWaiting, WorkerMetrics metrics) {
    this.speed = speed;
    this.maxWaiting = maxWaiting;
    this.metrics = metrics;
    cache = new KvCache(speed.kvBlocks());
  }

  /**
   * @return false if the queue is full
   */
  boolean add(Generation generation) {
    if (full()) {
      waiting.removeIf(s -> s.generation.cancelled());
    }
    return !full() && waiting.add(new Sequence(generation));
  }

  /** All that is here is lost, the cache too. */
  void lose(ApiError why) {
    running.forEach(s -> s.generation.stop(why));
    waiting.forEach(s -> s.generation.stop(why));
    running.clear();
    waiting.clear();
    cache = new KvCache(speed.kvBlocks());
  }

  /**
   * Keeps a place for one whose prompt others read.
   *
   * @return false if the queue is full
   */
  boolean expect() {
    if (full()) {
      return false;
    }
    expected++;
    return true;
  }

  /** One that was expected is there, or will not come. */
  void arrive(Generation generation) {
    expected--;
    if (!generation.cancelled()) {
      waiting.add(new Sequence(generation));
    }
  }

  private boolean full() {
    return waiting.size() + expected >= maxWaiting + Math.max(0, speed.maxBatch() - running.size());
  }

  /** Whether there is nothing to compute. */
  boolean idle() {
    return running.isEmpty() && waiting.isEmpty();
  }

  int running() {
    return running.size();
  }

  int waiting() {
    return waiting.size() + expected;
  }

  double cacheUsage() {
    return cache.usage();
  }

  void forget() {
    cache.forget();
  }

  Step plan(long now) {
    drop();
    var budget = speed.stepTokens();
    var before = running.size();
    for (int i = 0; i < running.size(); i++) {
      budget -= goOn(running.get(i), budget);
    }
    // One that was preempted would only take the blocks that those who stay need next
    if (running.size() == before) {
      admit(budget, now);
    }
    var streams = 0;
    var prefill = 0;
    for (var sequence : running) {
      streams += sequence.planned > 0 ? 1 : 0;
      prefill += sequence.decodes() ? 0 : sequence.planned;
    }
    return new Step(streams, prefill);
  }

  /**
   * Ends the step that was planned last.
   *
   * @return tokens of answers that it gave
   */
  int complete(long now) {
    var made = 0;
    for (var sequence : running) {
      if (sequence.planned == 0) {
        continue;
      }
      var from = sequence.computed;
      sequence.computed += sequence.planned;
      sequence.planned = 0;
      var generation = sequence.generation;
      cache.name(sequence.table, generation.prompt(), from, sequence.computed);
      if (sequence.missing() == 0 && !generation.cancelled()) {
        generation.produce(now);
        made++;
      }
    }
    drop();
    return made;
  }

  private void drop() {
    waiting.removeIf(s -> s.generation.cancelled());
    running.removeIf(s -> {
      var over = s.generation.finished() || s.generation.cancelled();
      if (over) {
        cache.release(s.table);
      }
      return over;
    });
  }

  /**
   * Plans the step of one in the batch, at the cost of those that came after it.
   *
   * @return how much of the budget it takes
   */
  private int goOn(Sequence sequence, int budget) {
    sequence.planned = Math.min(sequence.missing(), budget);
    while (!cache.grow(sequence.table, sequence.computed + sequence.planned)) {
      if (preemptNewest() == sequence) {
        return 0;
      }
    }
    return sequence.planned;
  }

  private Sequence preemptNewest() {
    var newest = running.removeLast();
    cache.release(newest.table);
    waiting.addFirst(newest);
    metrics.preempted();
    return newest;
  }

  private void admit(int budget, long now) {
    var left = budget;
    while (left > 0 && running.size() < speed.maxBatch() && !waiting.isEmpty()) {
      var next = waiting.element();
      var generation = next.generation;
      var found = cache.attach(next.table, generation.prompt());
      next.computed = Math.max(found, generation.received());
      next.planned = Math.min(next.missing(), left);
      if (!cache.grow(next.table, next.computed + next.planned)) {
        cache.release(next.table);
        return;
      }
      var remote = generation.received() > 0;
      running.add(waiting.remove());
      if (generation.admit(now, found) && !remote) {
        metrics.looked(generation.promptTokens(), found);
      }
      left -= next.planned;
    }
  }
}
