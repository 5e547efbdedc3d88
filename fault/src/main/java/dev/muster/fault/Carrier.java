package dev.muster.fault;

import dev.muster.drill.port.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who does a fault and undoes it: a node's power, an agent, the API server. Each only does; in
 * which order, how often and what is written of it is the {@link Course}'s.
 */
sealed interface Carrier permits AgentCarrier, ApiCarrier, PowerCarrier {

  /** Who undoes a fault that nobody asks to end. */
  enum Undoer {
    /** Whoever carries it, at ttl. */
    ITSELF,
    /** Muster, at ttl. */
    MUSTER,
    /** Muster, as soon as it is done. */
    MUSTER_AT_ONCE
  }

  /**
   * When the fault began.
   *
   * @param nanos the same in {@link dev.muster.drill.time.Time#nanos}: a clock that is set moves it
   *     not
   */
  record Begun(Instant at, long nanos) {}

  /** What became of an undo. */
  sealed interface End {
    /** Of what is not seen to be over: it is left, or nobody could look. */
    static End notOver(Effect.Look look, String why) {
      return look instanceof Effect.Untold ? new Unseen(why) : new Left(why);
    }
  }

  /**
   * Somebody else saw that it is undone.
   *
   * @param by who undid it or says so
   */
  record Undone(Instant since, String by, Map<String, String> evidence) implements End {}

  record Left(String why) implements End {}

  /** It may be undone, or not: nobody was there to see it. */
  record Unseen(String why) implements End {}

  /** Why nothing should be done, beside what whoever looks for the effect says. */
  default Optional<String> objection() throws InterruptedException {
    return Optional.empty();
  }

  /** How long after its arming it is undone at the latest; null where there is nothing to undo. */
  @Nullable Duration ttl();

  /** For the journal: enough for another process to undo it. */
  Map<String, String> identity();

  default Undoer undoer() {
    return Undoer.ITSELF;
  }

  /** Whether it tells by itself that it has injected, some time after {@link #apply}. */
  default boolean tellsInjection() {
    return false;
  }

  /**
   * @throws RuntimeException if it is refused; half of it may be done
   */
  void apply();

  /** Before the reason of a refusal. */
  default String refused() {
    return "";
  }

  /**
   * Waits until it begins.
   *
   * @param applied when {@link #apply} was called
   * @return null, and told, where it does not begin
   */
  default @Nullable Begun begun(Begun applied) throws InterruptedException {
    return applied;
  }

  /** How much of the time from the call to the beginning is not the fault's. */
  default Duration arming(Duration sinceCall) {
    return sinceCall;
  }

  /**
   * Goes on with what {@link #apply} began, before each look for its effect.
   *
   * @throws RuntimeException if it is refused; it is called again all the same
   */
  default void proceed() {
    // done at once
  }

  /** For so long its effect is looked for. */
  Duration verify();

  /** Between two such looks. */
  default Duration step() {
    return Duration.ofMillis(300);
  }

  /**
   * Whether it says, and has told, that there is no effect: that outweighs what others saw.
   *
   * @param seen whether somebody else sees it
   */
  default boolean denies(boolean seen) {
    return false;
  }

  /** What others saw, with what it has to say itself. */
  default Map<String, String> evidence(Map<String, String> seen) {
    return seen;
  }

  /** Whether it has reason to think, while the fault is held, that it is over. */
  default boolean doubts() {
    return false;
  }

  /**
   * Undoes and waits until somebody else sees that.
   *
   * @param again whether this was tried to its end before
   */
  End undo(boolean again) throws InterruptedException;

  /** After the word "interrupted" in the course of an undo. */
  default String interrupted() {
    return "";
  }
}
