package dev.muster.verdict;

import dev.muster.timeline.Event;
import java.util.List;
import java.util.stream.Stream;

/** A run that was not carried through can not pass. */
final class RunCheck implements Check {

  @Override
  public String name() {
    return "run";
  }

  @Override
  public List<Finding> judge(History history) {
    var aborted =
        Recovery.events(history, Event.RunAborted.class)
            .map(e -> Finding.inconclusive(name(), "the run was aborted: " + e.why()));
    boolean ended = Recovery.events(history, Event.RunEnded.class).findAny().isPresent();
    var unfinished =
        Stream.of(
            Finding.inconclusive(name(), "the run did not end: Muster was stopped during it"));
    return Stream.concat(aborted, ended ? Stream.empty() : unfinished).toList();
  }
}
