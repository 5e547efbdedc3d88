package dev.muster.deepseek.fault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** What whoever asks for faults has to know; in no text of this object. */
public final class FaultToken {
  private final byte[] secret;

  /**
   * @param secret empty where nobody may ask
   */
  public FaultToken(String secret) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether anybody may ask at all. */
  public boolean given() {
    return secret.length > 0;
  }

  /** Compares in a time that tells nothing of where they differ. */
  boolean is(String other) {
    return given() && MessageDigest.isEqual(secret, other.getBytes(StandardCharsets.UTF_8));
  }
}
