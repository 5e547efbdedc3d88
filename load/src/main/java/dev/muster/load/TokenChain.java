package dev.muster.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The reference service's numbered and hash-chained tokens, {@code <i>.<8 hex> }: with them a gap,
 * a double or a foreign token is provable. Answers of other services are not checked. Not safe for
 * several threads.
 */
final class TokenChain {
  private static final Pattern TOKEN = Pattern.compile("(\\d+)\\.([0-9a-f]{8})");

  private byte[] hash;
  private int count;
  private boolean foreign;
  private @Nullable String broken;

  TokenChain(String prompt) {
    hash = sha256().digest(prompt.getBytes(StandardCharsets.UTF_8));
  }

  /** The next piece of text as it arrived; may hold several tokens, never a part of one. */
  void accept(String text) {
    if (foreign || broken != null) {
      return;
    }
    for (String token : text.strip().split(" ", -1)) {
      Matcher parts = TOKEN.matcher(token);
      if (!parts.matches()) {
        foreign = count == 0;
        if (!foreign) {
          broken = "token " + (count + 1) + " is '" + token + "', not one of the chain";
        }
        return;
      }
      check(Integer.parseInt(parts.group(1)), parts.group(2));
      if (broken != null) {
        return;
      }
    }
  }

  private void check(int number, String hex) {
    count++;
    if (number != count) {
      broken =
          number < count
              ? "token " + number + " came again as number " + count
              : "tokens " + count + " to " + (number - 1) + " are missing";
      return;
    }
    MessageDigest sha = sha256();
    sha.update(hash);
    sha.update(ByteBuffer.allocate(4).putInt(number).array());
    hash = sha.digest();
    if (!HexFormat.of().formatHex(hash, 0, 4).equals(hex)) {
      broken = "token " + number + " is foreign: its hash is " + hex;
    }
  }

  /** What is wrong with the chain, null if nothing. */
  @Nullable String broken() {
    return broken;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
