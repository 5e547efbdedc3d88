package dev.muster.docs;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The source tree that is tested, as texts. */
final class Tree {
  static final Path ROOT =
      Path.of(Objects.requireNonNullElse(System.getProperty("muster.dist"), ".."))
          .toAbsolutePath()
          .normalize();

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private Tree() {}

  static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  /** README and all pages for people: those at the top, of docs, of charts. */
  static List<Path> documents() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String folder :
        List.of(
            ".",
            "docs",
            "docs/scenarios",
            "docs/decisions",
            "charts/deepseek",
            "charts/monitoring")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(found::add);
      }
    }
    return found;
  }

  /** What Muster is made of and speaks from: Java, resources, launcher; by path. */
  static Map<String, String> sources() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    List<Path> roots = new ArrayList<>(List.of(ROOT.resolve("muster"), ROOT.resolve("dist")));
    for (String module :
        List.of("wire", "agent", "policy", "core", "fault", "load", "cluster", "lab", "app")) {
      roots.add(ROOT.resolve(module).resolve("src/main"));
    }
    for (Path root : roots) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          try {
            texts.put(ROOT.relativize(file).toString(), Files.readString(file));
          } catch (MalformedInputException _) {
            // a picture or the like says nothing
          }
        }
      }
    }
    return texts;
  }

  /** All that stands between backticks in a line. */
  static List<String> code(String line) {
    return CODE.matcher(line).results().map(match -> match.group(1)).toList();
  }

  /** The first cell of each row of the tables below a heading, without the tables' own heads. */
  static List<String> firstCells(String text, Pattern heading) {
    List<String> cells = new ArrayList<>();
    boolean below = false;
    String before = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("#")) {
        below = heading.matcher(line).find();
      } else if (below && line.startsWith("|") && !line.startsWith("|---")) {
        if (before.startsWith("|")) {
          cells.add(line.substring(1, line.indexOf('|', 1)).strip());
        }
      }
      before = line;
    }
    return cells;
  }

  /** Each block between fences, with the word behind its first fence as the first line. */
  static List<String> blocks(String text) {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = null;
    for (String line : text.lines().toList()) {
      if (!line.startsWith("```")) {
        if (block != null) {
          block.append(line).append('\n');
        }
      } else if (block == null) {
        block = new StringBuilder(line.substring(3)).append('\n');
      } else {
        blocks.add(block.toString());
        block = null;
      }
    }
    return blocks;
  }
}
