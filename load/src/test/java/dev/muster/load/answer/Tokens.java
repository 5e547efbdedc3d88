package dev.muster.load.answer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** The tokens of the reference service, made from its description, byte by byte. */
public final class Tokens {
  private Tokens() {}

  public static List<String> of(String prompt, int count) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      var hash = sha.digest(prompt.getBytes(StandardCharsets.UTF_8));
      var tokens = new ArrayList<String>();
      for (int i = 1; i <= count; i++) {
        var in = new ByteArrayOutputStream();
        in.write(hash);
        for (int shift = 24; shift >= 0; shift -= 8) {
          in.write(i >> shift);
        }
        hash = sha.digest(in.toByteArray());
        var text = new StringBuilder().append(i).append('.');
        for (int b = 0; b < 4; b++) {
          text.append(String.format("%02x", hash[b]));
        }
        tokens.add(text.append(' ').toString());
      }
      return tokens;
    } catch (java.security.NoSuchAlgorithmException | java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  public static String chunk(String content) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}],\"usage\":null}\n\n"
        .formatted(content);
  }

  public static String thought(String reasoning) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":null,\"reasoning_content\":\"%s\"},\"finish_reason\":null}]}\n\n"
        .formatted(reasoning);
  }

  public static String last(String reason, int tokens) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\",\"role\":null},\"finish_reason\":\"%s\"}],\"usage\":{\"completion_tokens\":%d}}\n\n"
        .formatted(reason, tokens);
  }

  public static final String DONE = "data: [DONE]\n\n";

  /** A whole stream, as the reference service sends it. */
  public static String stream(String prompt, int count) {
    var text = new StringBuilder(": keep-alive\n\n");
    of(prompt, count).forEach(token -> text.append(chunk(token)));
    return text.append(last("length", count)).append(DONE).toString();
  }
}
