package dev.muster.deepseek.worker;

import dev.muster.deepseek.fault.Failure;
import dev.muster.deepseek.fault.Victim;
import dev.muster.deepseek.wire.chat.TokenChain;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says, wrong as soon as a fault has it so: each third token is another one, or all
 * of them are those of another request's answer. Once it is wrong it stays so. One thread uses it.
 */
final class WrongPieces implements Iterator<Script.Piece> {
  private static final int EACH = 3;

  private final Iterator<Script.Piece> right;
  private final Victim victim;

  /** The answer to a request that nobody sent. */
  private @Nullable TokenChain other;

  private final int before;
  private int told;
  private int soundUntil = -1; // -1: no token is another one
  private boolean foreign;
  private String token = "";

  /**
   * @param before tokens of the answer before these
   */
  WrongPieces(Iterator<Script.Piece> right, int before, Victim victim) {
    this.right = right;
    this.before = before;
    this.victim = victim;
  }

  @Override
  public boolean hasNext() {
    return right.hasNext();
  }

  @Override
  public Script.Piece next() {
    var piece = right.next();
    foreign |= begins(Failure.FOREIGN_CACHE);
    if (soundUntil < 0 && begins(Failure.CORRUPT_TOKENS)) {
      soundUntil = told;
    }
    told++;
    if (foreign) {
      return with(piece, before + told);
    }
    // the next number, since a corrupt token is wrong in all that it tells
    return soundUntil >= 0 && (told - soundUntil) % EACH == 0
        ? with(piece, before + told + 1)
        : piece;
  }

  private boolean begins(Failure failure) {
    return victim.of(failure, told).isPresent();
  }

  private Script.Piece with(Script.Piece piece, int number) {
    var chain = other == null ? new TokenChain("the request of somebody else") : other;
    other = chain;
    while (chain.taken() < number) {
      token = chain.next();
    }
    return switch (piece) {
      case Script.Piece.Thought _ -> new Script.Piece.Thought(token);
      case Script.Piece.Text _ -> new Script.Piece.Text(token);
      case Script.Piece.Call call -> call;
      case Script.Piece.Arguments(var index, var _) -> new Script.Piece.Arguments(index, token);
    };
  }
}
