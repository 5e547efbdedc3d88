package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * A command as it ended.
 *
 * @param output what it printed on standard output
 * @param errors its message and usage, on standard error
 */
public record Ended(int exit, String output, String errors) {

  public static Ended of(String... arguments) {
    return of(Main.line(), arguments);
  }

  static Ended of(CommandLine line, String... arguments) {
    var errors = new StringWriter();
    line.setErr(new PrintWriter(errors, true));
    var output = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    int exit;
    try {
      exit = Main.run(line, arguments);
    } finally {
      System.setOut(before);
    }
    assertThat(errors.toString()).doesNotContain("\tat ");
    return new Ended(exit, output.toString(StandardCharsets.UTF_8), errors.toString());
  }
}
