package dev.muster.engine.after;

import dev.muster.drill.port.Progress;
import java.util.ArrayList;
import java.util.List;

/** What a cleanup found, what of it is left, and where it could not look; told as it goes. */
final class Tally {
  private final boolean dryRun;
  private final Progress progress;
  private final List<String> found = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private final List<String> notLookedAt = new ArrayList<>();

  /**
   * @param dryRun nothing is undone: what is found is left
   */
  Tally(boolean dryRun, Progress progress) {
    this.dryRun = dryRun;
    this.progress = progress;
  }

  void found(String what) {
    found.add(what);
    progress.say((dryRun ? "would undo: " : "found: ") + what);
  }

  void left(String what) {
    left.add(what);
    progress.say("left: " + what);
  }

  void notLookedAt(String where) {
    notLookedAt.add(where);
    progress.say("could not be looked at: " + where);
  }

  /** A node that no agent of Muster's can ever have been on: it leaves no question open. */
  void passedOver(String where) {
    progress.say("not looked at, no fault is carried there: " + where);
  }

  /** True if all was looked at and nothing is left, which is told in one sentence. */
  boolean clean() {
    boolean whole = notLookedAt.isEmpty();
    boolean nothing = left.isEmpty() && (!dryRun || found.isEmpty());
    if (found.isEmpty() && nothing) {
      progress.say(whole ? "nothing to clean up" : "nothing was found where it could be looked at");
    } else if (!dryRun) {
      progress.say(
          nothing
              ? "undone: all " + found.size() + " that were found"
              : "found " + found.size() + ", left " + left.size());
    }
    return whole && nothing;
  }
}
