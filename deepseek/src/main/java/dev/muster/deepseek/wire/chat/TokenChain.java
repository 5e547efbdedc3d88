package dev.muster.deepseek.wire.chat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The text of an answer, token by token. Token i is {@code <i>.<8 hex digits>} and a space; its
 * digits hang on the prompt and on every token before it, so that a gap, a duplicate or a token of
 * another request is provable. Reasoning tokens come first and share the chain with the answer.
 *
 * <p>Not safe for use by several threads.
 */
public final class TokenChain {
  /** The header by which an answer announces that its text is such tokens, with {@link #CHAIN}. */
  public static final String HEADER = "x-muster-tokens";

  public static final String CHAIN = "chain";

  private final MessageDigest sha256;
  private byte[] hash;
  private int index;

  /**
   * @param lastUserContent content of the last message whose role is user
   */
  public TokenChain(String lastUserContent) {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    hash = sha256.digest(lastUserContent.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The chain behind a text that begins the answer to the same prompt.
   *
   * @return with none taken where the text is not made of its first tokens
   */
  public static TokenChain after(String lastUserContent, String text) {
    var chain = new TokenChain(lastUserContent);
    for (int at = 0; at < text.length(); ) {
      var token = chain.next();
      if (!text.startsWith(token, at)) {
        return new TokenChain(lastUserContent);
      }
      at += token.length();
    }
    return chain;
  }

  /** Tokens that were taken. */
  public int taken() {
    return index;
  }

  /** A number 0..255 that depends on the prompt alone, as long as no token was taken. */
  public int seed() {
    return hash[0] & 0xff;
  }

  public String next() {
    index++;
    sha256.update(hash);
    hash = sha256.digest(ByteBuffer.allocate(4).putInt(index).array());
    return index + "." + HexFormat.of().formatHex(hash, 0, 4) + " ";
  }
}
