package dev.muster.deepseek.group;

import java.io.IOException;

/** One follower, as its leader sees it. The leader guards it, but for its link. */
final class Rank {
  private final int number;
  private final Link link;
  private long told;
  private long done;
  private long waitingSince;
  private boolean late;

  /**
   * @param number from 1
   */
  Rank(int number, Link link) {
    this.number = number;
    this.link = link;
  }

  int number() {
    return number;
  }

  Link link() {
    return link;
  }

  /** A step begins. */
  void begin(long step, long now) throws IOException {
    if (done == told) {
      waitingSince = now;
    }
    told = step;
    link.write(Long.toString(step));
  }

  /** It has done its part. */
  void done(long step, long now) {
    done = step;
    waitingSince = now;
    late = false;
  }

  boolean has(long step) {
    return done >= step;
  }

  /**
   * Whether it is silent for too long. Late once is not lost: a leader that was frozen itself finds
   * every deadline passed, and the answers that came meanwhile still to be read.
   */
  boolean silent(long bound, long now) {
    var before = late;
    late = done != told && now - waitingSince > bound;
    return late && before;
  }
}
