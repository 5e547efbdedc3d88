package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Muster on a pseudo terminal of python3's, and without one. */
@Timeout(120)
class TerminalTest {
  /**
   * Runs the rest of its words in a terminal of so many columns and prints what comes out of it.
   */
  private static final String PTY =
      """
      import fcntl, os, pty, struct, sys, termios
      pid, master = pty.fork()
      if pid == 0:
          fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0))
          os.execv(sys.argv[2], sys.argv[2:])
      while True:
          try:
              data = os.read(master, 4096)
          except OSError:
              break
          if not data:
              break
          sys.stdout.buffer.write(data)
      sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
      """;

  private static final List<String> JAVA =
      List.of(
          System.getProperty("java.home") + "/bin/java",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--enable-native-access=ALL-UNNAMED",
          "-cp",
          System.getProperty("java.class.path"));

  private static String printed(Map<String, String> environment, String input, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("COLUMNS", "LC_ALL", "LC_CTYPE", "NO_COLOR"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(text).isTrue();
    return text;
  }

  private static List<String> java(Class<?> main, String... words) {
    return Stream.of(JAVA.stream(), Stream.of(main.getName()), Arrays.stream(words))
        .flatMap(s -> s)
        .toList();
  }

  private static String onTerminal(int columns, Map<String, String> environment, List<String> of)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", "-c", PTY, "" + columns));
    command.addAll(of);
    return printed(environment, "", command);
  }

  /** Columns of the terminal, of the variable, and those that the line may take. */
  @ParameterizedTest
  @CsvSource({"80,   '', 79, C", "60,   '', 59, zh_CN.UTF-8", "200,  60, 59, C.UTF-8"})
  void theLiveLineIsOneLineThatEndsInAnEllipsis(
      int columns, String variable, int widest, String locale) throws Exception {
    String text =
        onTerminal(
            columns,
            Map.of("TERM", "xterm", "LANG", locale, "COLUMNS", variable),
            java(PaintedLine.class));
    List<String> painted =
        Arrays.stream(text.split("\r\u001b\\[2K|\r\n", -1))
            .filter(part -> part.startsWith("inject 00:0"))
            .toList();
    assertThat(painted).as(text).isNotEmpty();
    assertThat(painted)
        .allSatisfy(line -> {
          assertThat(line).contains("节点 node-1 未就绪").endsWith("…");
          assertThat(wide(line)).isBetween(widest - 1, widest);
        });
    assertThat(text).endsWith("节点 node-1 NotReady\r\n");
  }

  /** Of the letters in it Chinese ones alone are wide. */
  private static int wide(String line) {
    return line.codePoints().map(c -> Character.isIdeographic(c) ? 2 : 1).sum();
  }

  @Test
  void throughAPipeLinesArePlainAndUtf8() throws Exception {
    Map<String, String> environment = Map.of("TERM", "xterm", "LANG", "C");
    assertThat(printed(environment, "", java(PaintedLine.class, "once")))
        .contains("== inject", "  节点 node-1 NotReady\n")
        .doesNotContain("\u001b", "\r");
  }

  @ParameterizedTest
  @CsvSource({"C", "zh_CN.UTF-8"})
  void whatIsWrongIsToldInUtf8(String locale) throws Exception {
    Map<String, String> environment = Map.of("LANG", locale);
    assertThat(printed(environment, "演练: 1\n", java(Main.class, "validate", "-")))
        .contains("unknown field \"演练\" in a drill");
  }

  @Test
  void aTerminalThatCanNotWipeGetsPlainLines() throws Exception {
    assertThat(onTerminal(80, Map.of("TERM", "dumb"), java(PaintedLine.class, "once")))
        .contains("节点 node-1 NotReady\r\n")
        .doesNotContain("\u001b");
  }

  @Test
  void coloursAreForThoseWhoWantThem() throws Exception {
    String help = "\u001b[";
    Map<String, String> environment = Map.of("TERM", "xterm");
    assertThat(onTerminal(80, environment, java(Main.class, "--help"))).contains(help);
    assertThat(onTerminal(80, Map.of("TERM", "xterm", "NO_COLOR", "1"), java(Main.class, "--help")))
        .contains("Usage: muster")
        .doesNotContain(help);
  }
}
