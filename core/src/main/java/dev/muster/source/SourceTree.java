package dev.muster.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A YAML text as a tree of values that remembers where each value and each key stands. Places are
 * named by JSON pointers ({@code /faults/0/ttl}).
 */
public final class SourceTree {
  private static final int DEEPEST = 64;

  /** Aliases make a small text a tree without end. */
  private static final int MOST_VALUES = 100_000;

  /** Numbers beyond are texts: no field takes one, and some are too large to be looked at. */
  private static final int LONGEST_NUMBER = 40;

  /** Callers look at sizes before they read; the library's own limit has no words for people. */
  private static final int LONGEST_TEXT = 16 << 20;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** From 1, both. */
  private record Position(int line, int column) {}

  private final String file;
  private final Map<String, Position> values = new HashMap<>();
  private final Map<String, Position> keys = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private JsonNode root = JSON.missingNode();
  private int count;

  private SourceTree(String file) {
    this.file = file;
  }

  /** The text's only document, but for empty ones before or behind it; several are a problem. */
  public static SourceTree of(String text, String file) {
    var trees = all(text, file);
    var full = trees.stream().filter(tree -> !tree.root.isNull()).toList();
    if (full.isEmpty()) {
      return trees.getFirst();
    }
    var first = full.getFirst();
    if (full.size() > 1) {
      var second = full.get(1).at("", "a second document; one was expected");
      first.problems.add(second);
    }
    return first;
  }

  /** A tree for each document of the text; at least one, with a problem where nothing is. */
  public static List<SourceTree> all(String text, String file) {
    var trees = new ArrayList<SourceTree>();
    var settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setSchema(new CoreSchema()) // ~ is null there, as for kubectl
            .setCodePointLimit(LONGEST_TEXT)
            .setAllowNonScalarKeys(true) // they are refused below, at their place
            .build();
    try {
      var deep = tooDeep(text, file, settings);
      if (deep.isPresent()) {
        return broken(deep.get());
      }
      for (var node : new Compose(settings).composeAllFromString(text)) {
        var tree = new SourceTree(file);
        tree.root = tree.read(node, "", 0);
        trees.add(tree);
      }
    } catch (MarkedYamlEngineException e) {
      var at =
          e.getProblemMark()
              .map(mark -> new Position(mark.getLine() + 1, mark.getColumn() + 1))
              .orElse(new Position(1, 1));
      return broken(
          new Problem(file, at.line, at.column, "not readable as YAML: " + e.getProblem()));
    } catch (ReaderException e) {
      var at = position(text, e.getPosition());
      return broken(
          new Problem(
              file,
              at.line,
              at.column,
              String.format(
                  "not readable as YAML: the character U+%04X can not stand in a text",
                  e.getCodePoint())));
    } catch (YamlVersionException e) {
      return broken(
          new Problem(
              file,
              1,
              1,
              "not readable as YAML: it is of version %d.%d, and 1.2 is known; take %%YAML out"
                  .formatted(e.getSpecVersion().getMajor(), e.getSpecVersion().getMinor())));
    } catch (YamlEngineException e) {
      return broken(new Problem(file, 1, 1, "not readable as YAML: " + e.getMessage()));
    }
    return trees.isEmpty()
        ? broken(new Problem(file, 1, 1, "the file is empty; a drill was expected"))
        : List.copyOf(trees);
  }

  /** Composing a tree calls itself for each level; its events come one after another. */
  private static Optional<Problem> tooDeep(String text, String file, LoadSettings settings) {
    int depth = 0;
    for (var event : new Parse(settings).parseString(text)) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        default -> {} // on the same level
      }
      if (depth > DEEPEST) {
        return event
            .getStartMark()
            .map(mark ->
                new Problem(
                    file,
                    mark.getLine() + 1,
                    mark.getColumn() + 1,
                    "nested deeper than " + DEEPEST + " levels"));
      }
    }
    return Optional.empty();
  }

  /** The place of a code point, counted from 0. */
  private static Position position(String text, int codePoint) {
    var before = text.codePoints().limit(Math.max(0, codePoint)).toArray();
    int line = 1;
    int column = 1;
    for (int c : before) {
      column = c == '\n' ? 1 : column + 1;
      line += c == '\n' ? 1 : 0;
    }
    return new Position(line, column);
  }

  private static List<SourceTree> broken(Problem problem) {
    var tree = new SourceTree(problem.file());
    tree.problems.add(problem);
    return List.of(tree);
  }

  public JsonNode root() {
    return root;
  }

  /** What is wrong with the YAML itself. */
  public List<Problem> problems() {
    return problems;
  }

  /** The scalar as it was written, so that the version 1.30 does not become 1.3. */
  public @Nullable String text(String pointer) {
    return texts.get(pointer);
  }

  /** A mapping of scalars, each as it was written. */
  public Map<String, String> strings(String pointer) {
    var strings = new LinkedHashMap<String, String>();
    for (var name : root().at(pointer).propertyNames()) {
      var child = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
      strings.put(name, Objects.requireNonNull(text(child)));
    }
    return strings;
  }

  public Problem at(String pointer, String message) {
    var where = position(values, pointer);
    return new Problem(file, where.line(), where.column(), message);
  }

  public Problem atKey(String pointer, String message) {
    var where = position(keys, pointer);
    return new Problem(file, where.line(), where.column(), message);
  }

  /** The place itself or, where it does not exist, the nearest place around it that does. */
  private static Position position(Map<String, Position> places, String pointer) {
    for (var p = pointer; ; p = p.substring(0, Math.max(0, p.lastIndexOf('/')))) {
      var found = places.get(p);
      if (found != null) {
        return found;
      }
      if (p.isEmpty()) {
        return new Position(1, 1);
      }
    }
  }

  /**
   * What stands at a pointer, as a tree of its own with the places that it has in the file.
   *
   * @param pointer of a value that is there
   */
  public SourceTree part(String pointer) {
    var part = new SourceTree(file);
    part.root = root.at(pointer);
    within(values, pointer, part.values);
    within(keys, pointer, part.keys);
    within(texts, pointer, part.texts);
    return part;
  }

  private static <T> void within(Map<String, T> all, String pointer, Map<String, T> part) {
    all.forEach((at, what) -> {
      if (at.equals(pointer) || at.startsWith(pointer + "/")) {
        part.put(at.substring(pointer.length()), what);
      }
    });
  }

  /**
   * The same without fields that are null, which Kubernetes takes for absent.
   *
   * @param open names of mappings whose keys are the writer's own: there a null stays
   */
  public SourceTree withoutNulls(Set<String> open) {
    var tree = part("");
    tree.problems.addAll(problems);
    tree.root = root.deepCopy();
    tree.drop(tree.root, "", open);
    return tree;
  }

  private void drop(JsonNode node, String pointer, Set<String> open) {
    boolean own = open.contains(pointer.substring(pointer.lastIndexOf('/') + 1));
    if (node instanceof ObjectNode object) {
      for (var name : List.copyOf(object.propertyNames())) {
        var child = child(pointer, name);
        if (object.path(name).isNull() && !own) {
          object.remove(name);
          texts.remove(child);
        } else {
          drop(object.path(name), child, open);
        }
      }
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      drop(node.path(i), pointer + "/" + i, open);
    }
  }

  private static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  private JsonNode read(Node node, String pointer, int depth) {
    mark(values, node, pointer);
    if (++count > MOST_VALUES) {
      if (count == MOST_VALUES + 1) {
        problems.add(at(pointer, "more than " + MOST_VALUES + " values, those of aliases counted"));
      }
      return JSON.nullNode();
    }
    if (depth > DEEPEST) {
      // Also met by an alias that contains itself.
      problems.add(at(pointer, "nested deeper than " + DEEPEST + " levels"));
      return JSON.nullNode();
    }
    return switch (node) {
      case MappingNode mapping -> readMapping(mapping, pointer, depth);
      case SequenceNode sequence -> readSequence(sequence, pointer, depth);
      case ScalarNode scalar -> {
        var text = scalar.getValue();
        texts.put(pointer, text);
        if (!UTF_8.newEncoder().canEncode(text)) {
          problems.add(at(pointer, "half of a character, which no text can have"));
        }
        yield value(scalar);
      }
      default -> throw new IllegalStateException("unknown YAML node " + node.getNodeType());
    };
  }

  private JsonNode readMapping(MappingNode mapping, String pointer, int depth) {
    var object = JSON.objectNode();
    for (var tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        mark(keys, tuple.getKeyNode(), pointer + "/?");
        problems.add(
            atKey(
                pointer + "/?",
                "a key must be a word, not a list or mapping: what stands in {{ }} for a template"
                    + " has to be filled in or quoted"));
        continue;
      }
      var child = child(pointer, key.getValue());
      boolean twice = object.has(key.getValue());
      mark(keys, key, child);
      if (twice) {
        problems.add(atKey(child, "field \"" + key.getValue() + "\" stands here a second time"));
        continue;
      }
      object.set(key.getValue(), read(tuple.getValueNode(), child, depth + 1));
    }
    return object;
  }

  private JsonNode readSequence(SequenceNode sequence, String pointer, int depth) {
    var array = JSON.arrayNode();
    for (var item : sequence.getValue()) {
      array.add(read(item, pointer + "/" + array.size(), depth + 1));
    }
    return array;
  }

  private static JsonNode value(ScalarNode scalar) {
    var text = scalar.getValue();
    var tag = scalar.getTag();
    if (text.length() > LONGEST_NUMBER && (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT))) {
      return JSON.stringNode(text);
    }
    try {
      if (tag.equals(Tag.INT)) {
        var number = new BigInteger(text);
        return number.bitLength() < Integer.SIZE
            ? JSON.numberNode(number.intValueExact())
            : JSON.numberNode(number);
      }
      if (tag.equals(Tag.FLOAT)) {
        var number = new BigDecimal(text);
        return Math.abs(number.scale()) > LONGEST_NUMBER
            ? JSON.stringNode(text)
            : JSON.numberNode(number);
      }
    } catch (NumberFormatException e) {
      return JSON.stringNode(text); // .inf, .nan: no number that a drill could use
    }
    if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(Boolean.parseBoolean(text));
    }
    return tag.equals(Tag.NULL) ? JSON.nullNode() : JSON.stringNode(text);
  }

  private static void mark(Map<String, Position> places, Node node, String pointer) {
    node.getStartMark()
        .ifPresent(
            mark -> places.put(pointer, new Position(mark.getLine() + 1, mark.getColumn() + 1)));
  }
}
