package dev.muster.source;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A YAML text as a tree of values that remembers where each value and each key stands. Places are
 * named by JSON pointers ({@code /faults/0/ttl}).
 */
public final class SourceTree {
  private static final int DEEPEST = 64;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** From 1, both. */
  private record Position(int line, int column) {}

  private final String file;
  private final Map<String, Position> values = new HashMap<>();
  private final Map<String, Position> keys = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private JsonNode root = JSON.missingNode();

  private SourceTree(String file) {
    this.file = file;
  }

  /** The text's only document; several are a problem. */
  public static SourceTree of(String text, String file) {
    var trees = all(text, file);
    var first = trees.getFirst();
    if (trees.size() > 1) {
      var second = trees.get(1).at("", "a second document; one was expected");
      first.problems.add(second);
    }
    return first;
  }

  /** A tree for each document of the text; at least one, with a problem where nothing is. */
  public static List<SourceTree> all(String text, String file) {
    var trees = new ArrayList<SourceTree>();
    var settings = LoadSettings.builder().setLabel(file).setUseMarks(true).build();
    try {
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
    } catch (YamlEngineException e) {
      return broken(new Problem(file, 1, 1, "not readable as YAML: " + e.getMessage()));
    }
    return trees.isEmpty()
        ? broken(new Problem(file, 1, 1, "the file is empty; a drill was expected"))
        : List.copyOf(trees);
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

  private JsonNode read(Node node, String pointer, int depth) {
    mark(values, node, pointer);
    if (depth > DEEPEST) {
      // Also met by an alias that contains itself.
      problems.add(at(pointer, "nested deeper than " + DEEPEST + " levels"));
      return JSON.nullNode();
    }
    return switch (node) {
      case MappingNode mapping -> readMapping(mapping, pointer, depth);
      case SequenceNode sequence -> readSequence(sequence, pointer, depth);
      case ScalarNode scalar -> {
        texts.put(pointer, scalar.getValue());
        yield value(scalar);
      }
      default -> throw new IllegalStateException("unknown YAML node " + node.getNodeType());
    };
  }

  private JsonNode readMapping(MappingNode mapping, String pointer, int depth) {
    var object = JSON.objectNode();
    for (var tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(at(pointer, "a key must be a word, not a list or mapping"));
        continue;
      }
      var child = pointer + "/" + key.getValue().replace("~", "~0").replace("/", "~1");
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
    try {
      if (tag.equals(Tag.INT)) {
        var number = new BigInteger(text);
        return number.bitLength() < Integer.SIZE
            ? JSON.numberNode(number.intValueExact())
            : JSON.numberNode(number);
      }
      if (tag.equals(Tag.FLOAT)) {
        return JSON.numberNode(new BigDecimal(text));
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
