package dev.muster.cli;

import dev.muster.engine.home.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A manual page for each command, from what {@code --help} is made of, so that neither says what
 * the other does not. The library's own generator writes AsciiDoc, for which one needs Ruby.
 */
final class ManPages {
  private ManPages() {}

  /** Writes all of them into a folder, which dist/build puts into the archive. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (Map.Entry<String, String> page : of(Main.line()).entrySet()) {
      Files.writeString(folder.resolve(page.getKey() + ".1"), page.getValue());
    }
  }

  /** Name, like {@code muster-lab-up}, to the page in roff with the macros of man(7). */
  static Map<String, String> of(CommandLine line) {
    Map<String, String> pages = new TreeMap<>();
    pages.put(name(line), page(line));
    shown(line).forEach(below -> pages.putAll(of(below)));
    return pages;
  }

  private static String name(CommandLine line) {
    return line.getCommandSpec().qualifiedName("-");
  }

  private static Stream<CommandLine> shown(CommandLine line) {
    return line.getSubcommands().values().stream()
        .filter(below -> !below.getCommandSpec().usageMessage().hidden());
  }

  private static String page(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    List<String> text = new ArrayList<>();
    String title = name(line).toUpperCase(Locale.ROOT);
    String version = escaped("muster " + Version.number());
    text.add(".TH %s 1 \"\" \"%s\" \"Muster\"".formatted(escaped(title), version));
    text.add(".SH NAME");
    text.add(escaped(name(line)) + " \\- " + escaped(header(spec)));
    text.add(".SH SYNOPSIS");
    // on one line: the reader's terminal breaks it
    text.add(escaped(line.getHelp().synopsis(0).strip().replaceAll("\\s+", " ")));
    section(text, "DESCRIPTION", prose(spec.usageMessage().description()));
    section(
        text,
        "ARGUMENTS",
        spec.positionalParameters().stream()
            .filter(p -> !p.hidden())
            .flatMap(ManPages::described)
            .toList());
    section(
        text,
        "OPTIONS",
        spec.options().stream().filter(o -> !o.hidden()).flatMap(ManPages::described).toList());
    section(
        text,
        "COMMANDS",
        shown(line)
            .flatMap(c -> item(".BR " + escaped(name(c)) + " (1)", header(c.getCommandSpec())))
            .toList());
    section(text, "EXIT STATUS", prose(Main.EXIT_CODES));
    section(text, "SEE ALSO", also(line));
    return String.join("\n", text) + "\n";
  }

  private static void section(List<String> text, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.add(".SH " + title);
      text.addAll(lines);
    }
  }

  private static String header(CommandSpec spec) {
    return joined(spec.usageMessage().header());
  }

  /** Texts are formats, as the library has it. */
  private static String joined(String... texts) {
    return String.format(String.join(" ", texts)).strip().replaceAll("\\s+", " ");
  }

  private static Stream<String> described(OptionSpec option) {
    String value = option.arity().max() > 0 ? "=\\fI" + escaped(option.paramLabel()) + "\\fR" : "";
    String names =
        Arrays.stream(option.names())
            .map(name -> "\\fB" + escaped(name) + "\\fR")
            .collect(Collectors.joining(", "));
    return item(names + value, joined(option.description()));
  }

  private static Stream<String> described(PositionalParamSpec parameter) {
    String label = "\\fI" + escaped(parameter.paramLabel()) + "\\fR";
    return item(label, joined(parameter.description()));
  }

  private static Stream<String> item(String term, String meaning) {
    return Stream.of(".TP", term, escaped(meaning));
  }

  /** Lines that are set in are examples, as they stand; the others are paragraphs. */
  private static List<String> prose(String... texts) {
    List<String> lines = new ArrayList<>();
    boolean examples = false;
    for (String line : String.format(String.join("%n", texts)).lines().toList()) {
      if (line.isBlank()) {
        continue;
      }
      boolean example = line.startsWith("  ");
      if (example && !examples) {
        lines.addAll(List.of(".PP", ".nf"));
      } else if (examples && !example) {
        lines.add(".fi");
      }
      if (!example) {
        lines.add(".PP");
      }
      lines.add(escaped(example ? line : line.strip()));
      examples = example;
    }
    if (examples) {
      lines.add(".fi");
    }
    return lines;
  }

  /** The command above, or of Muster itself all of them are told already. */
  private static List<String> also(CommandLine line) {
    CommandLine above = line.getParent();
    return above == null ? List.of() : List.of(".BR " + escaped(name(above)) + " (1)");
  }

  /** A dot or quote at the beginning of a line is a macro's, a hyphen may become a longer one. */
  static String escaped(String text) {
    StringBuilder out =
        new StringBuilder(text.startsWith(".") || text.startsWith("'") ? "\\&" : "");
    text.codePoints()
        .forEach(c ->
            out.append(
                switch (c) {
                  case '\\' -> "\\e";
                  case '-' -> "\\-";
                  case '\'' -> "\\(aq";
                  case '"' -> "\\(dq";
                  default -> c < 127 ? Character.toString(c) : "\\[u%04X]".formatted(c);
                }));
    return out.toString();
  }
}
