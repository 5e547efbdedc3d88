package dev.muster.drill;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A valid file made into one that perhaps is none, by chance. */
final class Mutation {
  private static final List<String> ODD =
      List.of(
          "",
          "~",
          "null",
          "[]",
          "{}",
          "''",
          "true",
          "-1",
          "0",
          "0s",
          "0%",
          "1e999999999",
          "-0.0",
          "999999999999999999999s",
          "100000%",
          "99999999999999999999999",
          ".nan",
          ".inf",
          "0x7f",
          "1_000",
          "[[[[]]]]",
          "{a: {b: [c]}}",
          "'a\\b'",
          "\"\\u0000\"",
          "\"\\uD83D\"",
          "日本語",
          "é́",
          "\u2028",
          "\u00a0",
          "\u200b",
          "*a",
          "&a x",
          "!!binary aGk=",
          "!x y",
          "? a",
          "<<",
          "%TAG",
          "@x",
          "`x`",
          "|",
          ">-",
          "- a",
          "a: b: c",
          "#",
          "---",
          "...",
          "\t",
          "{{node}}",
          "{{",
          "http://",
          "http://[",
          "http://a_b",
          "999.1.1.1/99",
          "1h-1m",
          "NodeShutdown",
          "Workflow",
          "x".repeat(5000),
          "9".repeat(400),
          "a/b~c",
          "/",
          ".");

  private static final Pattern WORD = Pattern.compile("[^\\s{}\\[\\],:#'\"]+");

  private final Random random;

  Mutation(Random random) {
    this.random = random;
  }

  byte[] of(String text, List<String> others) {
    String mutant = text;
    for (int i = random.nextInt(4); i >= 0; i--) {
      mutant = one(mutant, others);
    }
    byte[] bytes = mutant.getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(12) == 0 && bytes.length > 0) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
    }
    return random.nextInt(40) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
  }

  private String one(String text, List<String> others) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    List<MatchResult> words = WORD.matcher(text).results().toList();
    if (lines.isEmpty() || words.isEmpty()) {
      return others.get(random.nextInt(others.size()));
    }
    int line = random.nextInt(lines.size());
    MatchResult word = words.get(random.nextInt(words.size()));
    MatchResult other = words.get(random.nextInt(words.size()));
    switch (random.nextInt(13)) {
      case 0 -> lines.remove(line);
      case 1 -> lines.add(line, lines.get(random.nextInt(lines.size())));
      case 2 -> java.util.Collections.swap(lines, line, random.nextInt(lines.size()));
      case 3 -> lines.set(line, " ".repeat(random.nextInt(6)) + lines.get(line).strip());
      case 4 -> {
        return put(text, word, ODD.get(random.nextInt(ODD.size())));
      }
      case 5 -> {
        return put(text, word, other.group());
      }
      case 6 -> {
        int depth = random.nextInt(90);
        return put(text, word, "[".repeat(depth) + word.group() + "]".repeat(depth));
      }
      case 7 -> {
        return put(text, word, "{" + word.group() + ": " + other.group() + "}");
      }
      case 8 -> {
        return put(text, word, "\"" + word.group() + "\"");
      }
      case 9 -> {
        return text.substring(0, random.nextInt(text.length() + 1));
      }
      case 10 -> {
        int at = random.nextInt(text.length());
        return text.substring(0, at) + (char) random.nextInt(1, 0x3000) + text.substring(at);
      }
      case 11 -> {
        return text + "---\n" + others.get(random.nextInt(others.size()));
      }
      default -> {
        List<String> foreign = others.get(random.nextInt(others.size())).lines().toList();
        lines.add(line, foreign.isEmpty() ? "" : foreign.get(random.nextInt(foreign.size())));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static String put(String text, MatchResult word, String instead) {
    return text.substring(0, word.start()) + instead + text.substring(word.end());
  }
}
