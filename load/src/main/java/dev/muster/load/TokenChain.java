package dev.muster.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks the numbered, hash-chained tokens that the reference service answers with: token {@code i}
 * is {@code <i>.<8 hex digits>} and a space, and its digits depend on the prompt and all tokens
 * before it. Reasoning and answer share one chain. Text of any other service is left alone.
 *
 * <p>Does no I/O. Not safe for use by several threads.
 */
final class TokenChain {
  private static final Pattern TOKEN = Pattern.compile("([1-9][0-9]{0,8})\\.([0-9a-f]{8}) ");
  private static final Pattern BEGINNING = Pattern.compile("[1-9][0-9]{0,8}(\\.[0-9a-f]{0,8} ?)?");

  private enum Mode {
    UNDECIDED,
    CHAIN,
    OTHER_TEXT
  }

  private final MessageDigest sha256;
  private byte[] hash;
  private int index;
  private int seen;
  private Mode mode = Mode.UNDECIDED;
  private String rest = "";
  private @Nullable String flaw;

  TokenChain(String lastUserContent) {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    hash = sha256.digest(lastUserContent.getBytes(StandardCharsets.UTF_8));
  }

  /** The next piece of text; pieces need not end where tokens end. */
  void add(String text) {
    if (mode == Mode.OTHER_TEXT) {
      return;
    }
    rest += text;
    int from = 0;
    var token = TOKEN.matcher(rest);
    while (token.region(from, rest.length()).lookingAt()) {
      mode = Mode.CHAIN;
      verify(Integer.parseInt(token.group(1)), token.group(2));
      from = token.end();
    }
    rest = rest.substring(from);
    if (!rest.isEmpty() && !BEGINNING.matcher(rest).matches()) {
      if (mode == Mode.CHAIN) {
        blame("foreign text \"" + clip(rest) + "\" after token " + index);
        rest = "";
      } else {
        mode = Mode.OTHER_TEXT;
      }
    }
  }

  /** Whether the text is such a chain, as its first token says. */
  boolean recognised() {
    return mode == Mode.CHAIN;
  }

  /** Tokens seen, wrong ones included. */
  int seen() {
    return seen;
  }

  /**
   * What is wrong with the text now that it is complete; null if nothing is.
   *
   * @param claimed how many tokens the service says it sent; below 0 if it did not say
   */
  @Nullable String flaw(int claimed) {
    if (mode == Mode.CHAIN && !rest.isEmpty()) {
      blame("the text ends inside a token, after token " + index);
    }
    if (mode == Mode.CHAIN && claimed >= 0 && claimed != seen) {
      blame("usage counts " + claimed + " tokens, " + seen + " came");
    }
    return flaw;
  }

  private void verify(int number, String digits) {
    seen++;
    if (flaw != null) {
      return; // after the first flaw the chain proves nothing more
    }
    if (number <= index) {
      blame("duplicate: token " + number + " came again after token " + index);
    } else if (number > index + 1) {
      blame("gap: token " + number + " came after token " + index);
    } else {
      index++;
      sha256.update(hash);
      hash = sha256.digest(ByteBuffer.allocate(4).putInt(index).array());
      if (!digits.equals(HexFormat.of().formatHex(hash, 0, 4))) {
        blame("foreign: token " + number + " is not of this request's chain");
      }
    }
  }

  private void blame(String what) {
    if (flaw == null) {
      flaw = what;
    }
  }

  private static String clip(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
