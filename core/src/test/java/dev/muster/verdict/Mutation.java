package dev.muster.verdict;

import dev.muster.verdict.finding.History;
import java.util.List;
import java.util.Random;

/**
 * What is done to a history by chance. {@link Effect#WORSE} takes evidence away or adds harm, and
 * must never make a verdict better. {@link Effect#ANY} may do anything, and must only be judged.
 *
 * <p>Not generated as WORSE: dropping an event that is itself the only witness of a harm ({@link
 * TimelineMutations#witness}), as no verdict can know what nobody says. In the files of a run the
 * chain of the timeline shows that a line is gone.
 */
enum Mutation {
  DROP_EVENT(Effect.WORSE),
  DROP_KIND(Effect.WORSE),
  THIN_EVENTS(Effect.WORSE),
  CUT_TIMELINE(Effect.WORSE),
  DOUBLE_EVENT(Effect.WORSE),
  DROP_ROWS(Effect.WORSE),
  DROP_WINDOW_OF_ROWS(Effect.WORSE),
  CUT_LEDGER(Effect.WORSE),
  DOUBLE_ROW(Effect.WORSE),
  ROWS_WITHOUT_END(Effect.WORSE),
  UNCHECKED_ROWS(Effect.WORSE),
  OTHER_CONTENT(Effect.WORSE),
  UNKNOWN_CONTENT(Effect.WORSE),
  FAIL_ROW(Effect.WORSE),
  FAIL_WINDOW(Effect.WORSE),
  FAIL_MANY(Effect.WORSE),
  DROP_TRACES(Effect.WORSE),
  DELAY(Effect.WORSE),
  ADD_HARM(Effect.WORSE),
  LATE_LOAD(Effect.WORSE),
  MORE_REQUESTS_THAN_ROWS(Effect.WORSE),
  RENAME_MILESTONE(Effect.WORSE),
  RENAME_ANY(Effect.ANY),
  SHIFT_EVENT(Effect.ANY),
  SHIFT_ROWS(Effect.ANY),
  SWAP_EVENTS(Effect.ANY),
  SHUFFLE_EVENTS(Effect.ANY),
  SHUFFLE_ROWS(Effect.ANY),
  ONE_MOMENT(Effect.ANY),
  FEWER_REQUESTS_THAN_ROWS(Effect.ANY),
  DROP_WITNESS(Effect.ANY),
  NO_ROWS(Effect.ANY),
  NO_EVENTS(Effect.ANY);

  /** What a verdict may make of it. */
  enum Effect {
    WORSE,
    ANY
  }

  final Effect effect;

  Mutation(Effect effect) {
    this.effect = effect;
  }

  /** The history changed; the same where there is nothing to change. */
  History of(History history, Random random) {
    return switch (this) {
      case DROP_EVENT -> TimelineMutations.dropEvent(history, random);
      case DROP_KIND -> TimelineMutations.dropKind(history, random);
      case THIN_EVENTS -> TimelineMutations.thinEvents(history, random);
      case CUT_TIMELINE -> TimelineMutations.cutTimeline(history, random);
      case DOUBLE_EVENT -> TimelineMutations.doubleEvent(history, random);
      case DROP_ROWS -> LedgerMutations.dropRows(history, random);
      case DROP_WINDOW_OF_ROWS -> LedgerMutations.dropWindowOfRows(history, random);
      case CUT_LEDGER -> LedgerMutations.cutLedger(history, random);
      case DOUBLE_ROW -> LedgerMutations.doubleRow(history, random);
      case ROWS_WITHOUT_END -> LedgerMutations.rowsWithoutEnd(history, random);
      case UNCHECKED_ROWS -> LedgerMutations.uncheckedRows(history, random);
      case OTHER_CONTENT -> LedgerMutations.otherContent(history, random);
      case UNKNOWN_CONTENT -> LedgerMutations.unknownContent(history, random);
      case FAIL_ROW -> LedgerMutations.failRow(history, random);
      case FAIL_WINDOW -> LedgerMutations.failWindow(history, random);
      case FAIL_MANY -> LedgerMutations.failMany(history, random);
      case DROP_TRACES -> LedgerMutations.dropTraces(history, random);
      case DELAY -> TimelineMutations.delay(history, random);
      case ADD_HARM -> TimelineMutations.addHarm(history, random);
      case LATE_LOAD -> TimelineMutations.lateLoad(history, random);
      case MORE_REQUESTS_THAN_ROWS -> TimelineMutations.moreRequestsThanRows(history, random);
      case RENAME_MILESTONE -> TimelineMutations.renameMilestone(history, random);
      case RENAME_ANY -> TimelineMutations.renameAny(history, random);
      case SHIFT_EVENT -> TimelineMutations.shiftEvent(history, random);
      case SHIFT_ROWS -> LedgerMutations.shiftRows(history, random);
      case SWAP_EVENTS -> TimelineMutations.swapEvents(history, random);
      case SHUFFLE_EVENTS -> TimelineMutations.shuffleEvents(history, random);
      case SHUFFLE_ROWS -> LedgerMutations.shuffleRows(history, random);
      case ONE_MOMENT -> TimelineMutations.oneMoment(history, random);
      case FEWER_REQUESTS_THAN_ROWS -> TimelineMutations.fewerRequestsThanRows(history, random);
      case DROP_WITNESS -> TimelineMutations.dropWitness(history, random);
      case NO_ROWS -> LedgerMutations.noRows(history);
      case NO_EVENTS -> TimelineMutations.noEvents(history);
    };
  }

  static <T> T pick(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }
}
