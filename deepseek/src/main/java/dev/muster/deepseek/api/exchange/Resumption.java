package dev.muster.deepseek.api.exchange;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.api.config.OnLoss;
import dev.muster.deepseek.api.config.WorkerApi;
import dev.muster.deepseek.api.reply.EventId;
import dev.muster.deepseek.wire.chat.Chunk;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What a client has of its answer, and what another worker is asked for where the one that was at
 * it is lost. One thread uses it.
 */
final class Resumption {
  /** An answer that loses one worker after the other may be what they die of. */
  private static final int MOST = 5;

  private final GatewayConfig config;
  private final byte[] body;
  private final @Nullable EventId had;
  private Partial partial;
  private int made;
  private long lost; // 0 while somebody answers
  private String hindrance = "";
  private byte @Nullable [] rest;

  /**
   * @param body of the whole request
   * @param had the last event that the client has of it by another gateway; null where it is new
   */
  Resumption(GatewayConfig config, byte[] body, @Nullable EventId had) {
    this.config = config;
    this.body = body;
    this.had = had;
    partial = empty();
  }

  private Partial empty() {
    return new Partial(body, config.onLoss() == OnLoss.RESUME, had);
  }

  /** What the client has. */
  Partial partial() {
    return partial;
  }

  /** Of the next event; empty where nobody says the same again, so that none may go on from it. */
  String nextId(Chunk chunk) {
    return config.workerApi() == WorkerApi.DEEPSEEK ? partial.nextId(chunk) : "";
  }

  /** What a worker is to be asked. */
  byte[] asked() {
    return rest == null ? body : rest;
  }

  /** Whether that is the rest of an answer that another worker began. */
  boolean ofRest() {
    return rest != null;
  }

  /** A worker's chunk as one of the whole answer; null where the client has it already. */
  @Nullable Chunk joined(Chunk chunk) throws IOException {
    return rest == null && !partial.another() ? chunk : partial.joined(chunk);
  }

  /** Whether the client waits for somebody to go on. */
  boolean waiting() {
    return lost != 0;
  }

  /** Whether it waits for too long. */
  boolean late() {
    return lost != 0 && System.nanoTime() - lost > config.resumeWithin().toNanos();
  }

  /** How often another worker went on. */
  int made() {
    return made;
  }

  /** Why nobody can go on with it; empty where somebody may. */
  String hindrance() {
    return hindrance;
  }

  void hinder(String why) {
    hindrance = why;
  }

  /** Nobody is at it any more; told again while it is so, this changes nothing. */
  void lose() {
    lost = lost == 0 ? System.nanoTime() : lost;
  }

  /** Makes the request for the rest; false where there can be none. */
  boolean ready() {
    rest = hindered() ? null : rest();
    return rest != null;
  }

  /** The client has nothing of it after all. */
  void anew() {
    partial = empty();
    hindrance = "";
    lost = 0;
  }

  /**
   * Somebody goes on with it.
   *
   * @return seconds that the client waited
   */
  double done() {
    double waited = (System.nanoTime() - lost) / 1e9;
    made++;
    lost = 0;
    return waited;
  }

  private byte @Nullable [] rest() {
    try {
      return partial.rest();
    } catch (JacksonException e) {
      hindrance = "what came of it is no JSON";
      return null;
    }
  }

  private boolean hindered() {
    if (hindrance.isEmpty()) {
      if (config.onLoss() != OnLoss.RESUME) {
        hindrance = "answers are not resumed here";
      } else if (late()) {
        hindrance = "nobody went on with it within " + config.resumeWithin();
      } else if (made >= MOST) {
        hindrance = "it has lost " + made + " others already";
      } else {
        var field = partial.hindrance(config.workerApi());
        hindrance = field.isEmpty() ? "" : "an answer with `" + field + "` can not be resumed";
      }
    }
    return !hindrance.isEmpty();
  }
}
