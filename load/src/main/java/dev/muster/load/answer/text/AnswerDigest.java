package dev.muster.load.answer.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Digest of an answer's text as it comes: alike for the same reasoning, answer and tool calls,
 * whatever pieces they came in and however JSON spelled them. Not safe for use by several threads.
 */
final class AnswerDigest {
  /** 64 bits: of a million answers two different ones are alike once in 40 million runs. */
  private static final int BYTES = 8;

  private final MessageDigest whole = sha256();
  private final Part reasoning = new Part();
  private final Part content = new Part();
  private final Part calls = new Part();

  /** One of the three; it may be empty. */
  private static final class Part {
    private @Nullable MessageDigest digest;

    /**
     * First half of a character whose second half comes with the next piece; 0 if there is none.
     */
    private char half;

    void add(byte[] bytes, int from, int to) {
      flush();
      digest().update(bytes, from, to - from);
    }

    void add(String text) {
      if (text.isEmpty()) {
        return;
      }
      var all = half == 0 ? text : half + text;
      int end = all.length() - (Character.isHighSurrogate(all.charAt(all.length() - 1)) ? 1 : 0);
      half = end < all.length() ? all.charAt(end) : 0;
      digest().update(all.substring(0, end).getBytes(UTF_8));
    }

    private void flush() {
      if (half != 0) {
        digest().update(String.valueOf(half).getBytes(UTF_8));
        half = 0;
      }
    }

    private MessageDigest digest() {
      if (digest == null) {
        digest = sha256();
      }
      return digest;
    }

    byte[] value() {
      flush();
      return digest == null ? new byte[0] : digest.digest();
    }
  }

  /** Text in UTF-8. Costs no memory once there was some of its kind. */
  void add(boolean ofReasoning, byte[] bytes, int from, int to) {
    (ofReasoning ? reasoning : content).add(bytes, from, to);
  }

  void add(Delta delta) {
    reasoning.add(delta.reasoning());
    content.add(delta.content());
    calls.add(delta.calls());
  }

  /** Of all that came, in hexadecimal digits. To be asked once. */
  String value() {
    for (var part : new Part[] {reasoning, content, calls}) {
      var value = part.value();
      whole.update((byte) value.length);
      whole.update(value);
    }
    return HexFormat.of().formatHex(whole.digest(), 0, BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
