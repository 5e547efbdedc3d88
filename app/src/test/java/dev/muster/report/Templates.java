package dev.muster.report;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The templates of all sentences in sources, as the compiler reads them.
 *
 * @param arguments how many each is given, at least; a separator is given none
 * @param doubts places where words would escape translation
 */
record Templates(Map<String, Integer> arguments, List<String> doubts) {

  static Templates in(Path... folders) throws IOException {
    var files = new ArrayList<Path>();
    for (Path folder : folders) {
      try (Stream<Path> all = Files.walk(folder)) {
        all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
      }
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      var found = new Templates(new TreeMap<>(), new ArrayList<>());
      for (var unit : task.parse()) {
        found.new Scanner(unit).scan(unit, null);
      }
      return found;
    }
  }

  private final class Scanner extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;

    Scanner(CompilationUnitTree unit) {
      this.unit = unit;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void none) {
      var arguments = call.getArguments();
      switch (sentence(call)) {
        case "of" -> {
          template(arguments.getFirst(), arguments.size() - 1);
          arguments.stream().skip(1).forEach(this::noWords);
        }
        case "list", "names" -> {
          template(arguments.getFirst(), 0);
          noWords(arguments.getLast());
        }
        case "quote" -> noWords(arguments.getFirst());
        default -> {
          // a word is in messages_*.properties, and everything else makes no sentence
        }
      }
      return super.visitMethodInvocation(call, null);
    }

    @Override
    public @Nullable Void visitMemberReference(MemberReferenceTree tree, @Nullable Void none) {
      if (tree.getQualifierExpression().toString().equals("Sentence")
          && List.of("of", "list", "names").contains(tree.getName().toString())) {
        doubt(tree, "a template that is no constant");
      }
      return super.visitMemberReference(tree, null);
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree tree, @Nullable Void none) {
      if (tree.getIdentifier().toString().startsWith("Sentence.")) {
        doubt(tree, "a sentence made without its factory");
      }
      return super.visitNewClass(tree, null);
    }

    private void template(ExpressionTree tree, int arguments) {
      var text = constant(tree);
      if (text == null) {
        doubt(tree, "a template that is no constant");
      } else {
        Templates.this.arguments.merge(text, arguments, Math::min);
      }
    }

    /** Words of ours belong into the template: nobody would translate them here. */
    private void noWords(Tree argument) {
      new TreeScanner<@Nullable Void, @Nullable Void>() {
        @Override
        public @Nullable Void visitMethodInvocation(
            MethodInvocationTree call, @Nullable Void none) {
          return sentence(call).isEmpty() ? super.visitMethodInvocation(call, null) : null;
        }

        @Override
        public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void none) {
          if (literal.getValue() instanceof String text
              && text.chars().anyMatch(Character::isLetter)) {
            doubt(literal, "words in an argument");
          }
          return super.visitLiteral(literal, null);
        }
      }.scan(argument, null);
    }

    private void doubt(Tree tree, String what) {
      doubts.add(Path.of(unit.getSourceFile().getName()).getFileName() + ": " + what + ": " + tree);
    }
  }

  /** The name of the factory that is called; empty where it is none of {@code Sentence}. */
  private static String sentence(MethodInvocationTree call) {
    return call.getMethodSelect() instanceof MemberSelectTree method
            && method.getExpression().toString().equals("Sentence")
        ? method.getIdentifier().toString()
        : "";
  }

  private static @Nullable String constant(Tree tree) {
    return switch (tree) {
      case LiteralTree literal when literal.getValue() instanceof String text -> text;
      case ParenthesizedTree inner -> constant(inner.getExpression());
      case BinaryTree sum when sum.getKind() == Tree.Kind.PLUS -> {
        var left = constant(sum.getLeftOperand());
        var right = constant(sum.getRightOperand());
        yield left == null || right == null ? null : left + right;
      }
      default -> null;
    };
  }
}
