package dev.muster.load.answer.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.load.answer.Flaws;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Consumer;

/**
 * Checks the numbered, hash-chained tokens that the reference service answers with: token {@code i}
 * is {@code <i>.<8 hex digits>} and a space, and its digits depend on the prompt and all tokens
 * before it. Reasoning and answer share one chain. Only for a service that announced them: text of
 * others may begin like a token.
 *
 * <p>Does no I/O. Not safe for use by several threads.
 */
final class TokenChain {
  private static final int MAX_NUMBER_DIGITS = 9;
  private static final int HEX_DIGITS = 8;
  private static final int HASH_BYTES = 32;

  private final Consumer<String> blame;
  private final MessageDigest sha256;
  private final byte[] hash = new byte[HASH_BYTES];
  private final byte[] number4 = new byte[4];

  /** The token whose end has not come: its bytes, its number, and its hex digits as a number. */
  private final byte[] token = new byte[MAX_NUMBER_DIGITS + 1 + HEX_DIGITS];

  private int length;
  private int number;
  private int digits;
  private int dot; // index of the dot in the token; 0 as long as there is none

  private int index;
  private int seen;
  private boolean begun;
  private boolean flawed;

  /**
   * @param lastUserContent content of the request's last message whose role is user
   * @param blame hears what is wrong, once: after its first flaw the chain proves nothing more
   */
  TokenChain(String lastUserContent, Consumer<String> blame) {
    this.blame = blame;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    sha256.update(lastUserContent.getBytes(UTF_8));
    digest();
  }

  /** The next piece of text, UTF-8; pieces need not end where tokens end. */
  void add(byte[] bytes, int from, int to) {
    begun |= from < to;
    for (int i = from; i < to; i++) {
      if (!accept(bytes[i])) {
        foreign(bytes, i, to);
        return;
      }
    }
  }

  /** Whether there was any text. */
  boolean begun() {
    return begun;
  }

  /** Tokens seen, wrong ones included. */
  int seen() {
    return seen;
  }

  /**
   * The text is complete.
   *
   * @param claimed how many tokens the service says it sent; below 0 if it did not say
   */
  void end(int claimed) {
    if (length > 0) {
      flaw("the text ends inside a token, after token " + index);
    } else if (begun && claimed >= 0 && claimed != seen) {
      flaw("usage counts " + claimed + " tokens, " + seen + " came");
    }
  }

  private boolean accept(byte b) {
    if (dot == 0) {
      if (b == '.' && length > 0) {
        dot = length;
      } else if (b >= (length == 0 ? '1' : '0') && b <= '9' && length < MAX_NUMBER_DIGITS) {
        number = 10 * number + b - '0';
      } else {
        return false;
      }
    } else if (length > dot + HEX_DIGITS) {
      if (b != ' ') {
        return false;
      }
      verify();
      restart();
      return true;
    } else if ((b >= '0' && b <= '9') || (b >= 'a' && b <= 'f')) {
      digits = digits << 4 | Character.digit(b, 16);
    } else {
      return false;
    }
    token[length++] = b;
    return true;
  }

  private void restart() {
    length = 0;
    number = 0;
    digits = 0;
    dot = 0;
  }

  private void verify() {
    seen++;
    if (flawed) {
      return;
    }
    if (number <= index) {
      flaw("duplicate: token " + number + " came again after token " + index);
    } else if (number > index + 1) {
      flaw("gap: token " + number + " came after token " + index);
    } else {
      index++;
      put(number4, index);
      sha256.update(hash);
      sha256.update(number4);
      digest();
      if (digits != first4(hash)) {
        flaw("foreign: token " + number + " is not of this request's chain");
      }
    }
  }

  private void digest() {
    try {
      sha256.digest(hash, 0, HASH_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("a SHA-256 hash has 32 bytes", e);
    }
  }

  /** What is left of a piece behind foreign text is not looked at. */
  private void foreign(byte[] bytes, int at, int to) {
    if (!flawed) {
      var text = new String(token, 0, length, UTF_8) + new String(bytes, at, to - at, UTF_8);
      flaw("foreign text \"" + Flaws.clip(text, 40) + "\" after token " + index);
    }
    restart();
  }

  private void flaw(String what) {
    if (!flawed) {
      flawed = true;
      blame.accept(what);
    }
  }

  private static void put(byte[] four, int value) {
    for (int i = 0; i < 4; i++) {
      four[i] = (byte) (value >> (24 - 8 * i));
    }
  }

  private static int first4(byte[] hash) {
    return (hash[0] & 0xff) << 24
        | (hash[1] & 0xff) << 16
        | (hash[2] & 0xff) << 8
        | (hash[3] & 0xff);
  }
}
