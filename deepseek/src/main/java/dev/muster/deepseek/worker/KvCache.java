package dev.muster.deepseek.worker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Memory for the keys and values of the tokens, in a bounded number of blocks. A full block of a
 * prompt has a name, the hash of all text up to its end; a sequence whose prompt begins alike takes
 * it over instead of computing it again. Blocks that nobody uses keep their content until their
 * room is needed, those that were used last the longest. All of it dies with the process.
 *
 * <p>After vLLM's design (docs.vllm.ai, design/prefix_caching), with its size of block. What
 * differs: blocks of an answer have no name, and one without a name is given away before any that
 * has one.
 *
 * <p>Not safe for use by several threads.
 */
final class KvCache {
  /** Tokens of a block. */
  static final int BLOCK = 16;

  private final int blocks;

  private long forgotten;

  /** Free blocks without a name. */
  private int blank;

  /** Names of free blocks; the first is given away first. */
  private final SequencedSet<Long> idle = new LinkedHashSet<>();

  /** How many sequences use the block of this name. */
  private final Map<Long, Integer> used = new HashMap<>();

  /** The blocks of one sequence. */
  static final class Table {
    private final List<Long> named = new ArrayList<>();
    private int nameless;

    int size() {
      return named.size() + nameless;
    }
  }

  KvCache(int blocks) {
    this.blocks = blocks;
    blank = blocks;
  }

  int free() {
    return blank + idle.size();
  }

  /** Part of the blocks that sequences hold, 0 to 1; what is only kept for later is free. */
  double usage() {
    return (blocks - free()) / (double) blocks;
  }

  /**
   * Takes over what is known of the prompt's beginning, for a sequence that has no block yet. Its
   * last token is always computed, since the first one of the answer follows from it.
   *
   * @return how many tokens need not be computed
   */
  int attach(Table table, Prompt prompt) {
    var most = Math.min(prompt.blocks(), (prompt.tokens() - 1) / BLOCK);
    while (table.size() < most && take(name(prompt, table.size()))) {
      table.named.add(name(prompt, table.size()));
    }
    return table.size() * BLOCK;
  }

  /**
   * Makes room for so many tokens in all.
   *
   * @return false, with nothing changed, if there are too few free blocks
   */
  boolean grow(Table table, int tokens) {
    var missing = Math.ceilDiv(tokens, BLOCK) - table.size();
    if (missing > free()) {
      return false;
    }
    for (; missing > 0; missing--) {
      if (blank > 0) {
        blank--;
      } else {
        idle.removeFirst();
      }
      table.nameless++;
    }
    return true;
  }

  /** Names the blocks of the prompt that became full when these tokens were computed. */
  void name(Table table, Prompt prompt, int from, int to) {
    var end = Math.min(prompt.blocks(), to / BLOCK);
    for (int i = from / BLOCK; i < end; i++) {
      var name = name(prompt, i);
      // Two that computed the same at the same time: one block of it is enough to be found
      if (!idle.contains(name) && used.putIfAbsent(name, 1) == null) {
        table.nameless--;
        table.named.add(name);
      }
    }
  }

  /** Gives all blocks back, the last of the prompt first: its beginning is of use to most. */
  void release(Table table) {
    for (var name : table.named.reversed()) {
      var left = used.getOrDefault(name, 0) - 1;
      if (left > 0) {
        used.put(name, left);
      } else {
        used.remove(name);
        idle.addLast(name);
      }
    }
    blank += table.nameless;
    table.named.clear();
    table.nameless = 0;
  }

  /** Finds nothing any more of what was computed so far; who uses a block keeps it. */
  void forget() {
    blank += idle.size();
    idle.clear();
    forgotten++;
  }

  /** Of what was computed since it forgot. */
  private long name(Prompt prompt, int block) {
    return prompt.block(block) ^ forgotten * 0x9e3779b97f4a7c15L;
  }

  private boolean take(Long name) {
    if (idle.remove(name)) {
      used.put(name, 1);
      return true;
    }
    return used.computeIfPresent(name, (_, users) -> users + 1) != null;
  }
}
