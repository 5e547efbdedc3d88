package dev.muster.deepseek.worker;

import dev.muster.deepseek.fault.Failure;
import dev.muster.deepseek.fault.Faults;
import dev.muster.deepseek.fault.Victim;
import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.chat.Chunks;
import dev.muster.deepseek.wire.http.ClientConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** What the faults in force do to one answer. One thread uses it. */
final class Harm {
  /** Those that end an answer before its end. */
  private static final List<Failure> ENDS =
      List.of(Failure.RESET, Failure.TRUNCATION, Failure.ERROR_IN_BAND, Failure.KEEP_ALIVE_ONLY);

  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(1);
  private static final String BROKEN = "The engine failed in the middle of this answer.";

  private final Faults faults;
  private final Victim victim;
  private final boolean stream;
  private boolean struck;

  Harm(Faults faults, boolean stream) {
    this.faults = faults;
    this.stream = stream;
    victim = new Victim(faults);
  }

  /** An answer begins: what it says may be wrong. */
  Script begin(Script script) {
    victim.of(Failure.CACHE_LOST);
    return script.told(new WrongPieces(script.pieces(), script.prefix(), victim));
  }

  /** It waits for the engine, or has just waited. */
  void look() {
    victim.of(Failure.STUCK_DECODE);
    victim.of(Failure.SLOW_DECODE);
  }

  /**
   * Whether it is to go no further.
   *
   * @param sent tokens that the client has
   */
  boolean due(int sent) {
    return ENDS.stream()
        .anyMatch(f -> faults.of(f).filter(n -> sent >= n.fault().afterTokens()).isPresent());
  }

  /**
   * Ends it, if that is due.
   *
   * @param rest of a body that is no stream
   * @return whether it did, so that nothing more may be said
   */
  boolean strikes(int sent, Generation generation, OutputStream out, String rest)
      throws IOException, InterruptedException {
    for (var failure : ENDS) {
      if (victim.of(failure, sent).isPresent()) {
        struck = true;
        end(failure, generation, out, rest);
        return true;
      }
    }
    return false;
  }

  private void end(Failure failure, Generation generation, OutputStream out, String rest)
      throws IOException, InterruptedException {
    switch (failure) {
      case RESET -> {
        write(out, stream ? Chunks.KEEP_ALIVE : "\n"); // without a head it were no broken answer
        ClientConnection.current().reset();
      }
      case TRUNCATION -> write(out, rest.substring(0, rest.length() / 2));
      case ERROR_IN_BAND ->
          write(out, stream ? Chunks.error(BROKEN) : ApiError.server(BROKEN).json());
      default -> {
        while (faults.of(failure).isPresent() && generation.stopped() == null) {
          write(out, stream ? Chunks.KEEP_ALIVE : "\n");
          generation.await(Integer.MAX_VALUE, SIGN_OF_LIFE);
        }
      }
    }
  }

  /** Whether a fault ended it. */
  boolean struck() {
    return struck;
  }

  /** The last event of a stream. */
  String done() {
    return victim.of(Failure.NO_DONE).isPresent() ? "" : Chunks.DONE;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
