package dev.muster.cli.terminal;

import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user chooses among what there is.
 *
 * @param out where questions go; they are put to a terminal alone, answers may come from a file too
 */
public record Answers(BufferedReader in, PrintStream out, boolean terminal) {

  /**
   * The given one, the only one, or the one that is asked for.
   *
   * @param what is chosen, like the option by which it is given
   * @throws Refusal where there is no answer, or none of these
   */
  public String chosen(String what, @Nullable String given, List<String> offered)
      throws IOException {
    if (given != null) {
      return known(what, given, offered);
    }
    if (offered.size() == 1) {
      return offered.getFirst();
    }
    if (terminal) {
      ask(what, offered);
    }
    String answer = in.readLine();
    if (answer == null) {
      if (terminal) {
        out.println(); // the question stands there without an end
      }
      throw new Refusal(
          ExitCode.USAGE, "give --" + what + ": one of " + String.join(", ", offered));
    }
    String word = answer.strip();
    if (word.matches("[1-9][0-9]{0,5}") && Integer.parseInt(word) <= offered.size()) {
      return offered.get(Integer.parseInt(word) - 1);
    }
    return known(what, word, offered);
  }

  private void ask(String what, List<String> offered) {
    out.println(what + ":");
    for (int i = 0; i < offered.size(); i++) {
      out.println("  " + (i + 1) + "  " + offered.get(i));
    }
    out.print("number or name: ");
    out.flush();
  }

  private static String known(String what, String word, List<String> offered) {
    if (!offered.contains(word)) {
      throw new Refusal(
          ExitCode.USAGE, "no " + what + " " + word + "; there is " + String.join(", ", offered));
    }
    return word;
  }
}
