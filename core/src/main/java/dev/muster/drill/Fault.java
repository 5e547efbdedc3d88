package dev.muster.drill;

import dev.muster.drill.field.Selector;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.FaultKind.Trait;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One disturbance as the drill file asks for it; who its victims are is found out when its turn
 * comes.
 *
 * @param duration after which it is undone; null for what is done in a moment (a kill)
 * @param ttl after which it undoes itself whatever becomes of the run; null where there is nothing
 *     to undo
 * @param after start offset, counted from the turn of its step
 * @param times how often it is done
 * @param every from one beginning to the next, where it is done several times
 * @param follow pods that come while it lasts become victims too
 * @param pointer its place in the file, a JSON pointer
 */
public record Fault(
    FaultKind kind,
    Mode mode,
    Selector selector,
    @Nullable Duration duration,
    @Nullable Duration ttl,
    Duration after,
    int times,
    Duration every,
    boolean follow,
    String pointer)
    implements Step {

  /** Takes nodes by the zone that they are in: what a zone's loss means is asked beforehand. */
  public boolean ofZone() {
    return selector.zone() != null && kind.is(Trait.TAKES_NODE);
  }

  /** How long it lasts; nothing for a kill. */
  public Duration lasting() {
    return duration == null ? Duration.ZERO : duration;
  }
}
