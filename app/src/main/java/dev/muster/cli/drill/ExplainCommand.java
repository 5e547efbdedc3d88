package dev.muster.cli.drill;

import dev.muster.drill.guide.FieldGuide;
import dev.muster.drill.guide.KindFacts;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import dev.muster.source.NearestName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    header = "Tells what a field of the drill file means, or a kind of fault.",
    description = {
      "%n  muster explain                   the fields at the top",
      "  muster explain expect.latency    one field and those in it",
      "  muster explain NodeNetwork       a kind of fault and its fields%n"
    })
public final class ExplainCommand implements Callable<Integer> {
  private static final int MOST_OFFERED = 6;

  @Parameters(
      paramLabel = "FIELD",
      arity = "0..1",
      defaultValue = "",
      description = "Words with dots between them, or a kind of fault (muster kinds).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String field;

  @Override
  public Integer call() {
    Optional<KindFacts> kind =
        KindFacts.all().stream().filter(k -> k.name().equalsIgnoreCase(field)).findFirst();
    if (kind.isPresent()) {
      print(kind.get());
      return 0;
    }
    FieldGuide guide =
        FieldGuide.of(field).orElseThrow(() -> new Refusal(ExitCode.USAGE, unknown(field)));
    print(guide);
    return 0;
  }

  private static void print(KindFacts kind) {
    System.out.println(kind.name() + ": " + kind.meaning());
    System.out.println(
        "takes "
            + kind.takes()
            + (kind.agent() ? ", by an agent on the node" : ", without an agent"));
    System.out.println();
    print(kind.fields());
    System.out.println();
    System.out.println(
        "Fields of every kind: 'muster explain faults'. How it is done: docs/faults.md.");
  }

  private static void print(FieldGuide guide) {
    String name = guide.path().isEmpty() ? "a drill" : guide.path();
    System.out.println(name + ": " + guide.takes() + (guide.required() ? ", required" : ""));
    if (!guide.meaning().isEmpty()) {
      System.out.println(guide.meaning());
    }
    if (!guide.fields().isEmpty()) {
      System.out.println();
      print(guide.fields());
    }
  }

  private static void print(List<FieldGuide> fields) {
    int widest = fields.stream().mapToInt(f -> f.path().length()).max().orElse(0);
    String margin = " ".repeat(widest + 4);
    for (FieldGuide f : fields) {
      String meaning = f.meaning().isEmpty() ? f.takes() : f.meaning();
      System.out.println(
          "  "
              + f.path()
              + " ".repeat(widest + 2 - f.path().length())
              + meaning
              + (f.required() ? " (required)" : ""));
      if (!f.meaning().isEmpty() && !f.takes().equals(f.meaning())) {
        System.out.println(margin + f.takes());
      }
    }
  }

  private static String unknown(String field) {
    List<String> paths = FieldGuide.paths();
    String last = last(field);
    List<String> near = paths.stream().filter(p -> last(p).equals(last)).toList();
    if (near.isEmpty()) {
      List<String> kinds = KindFacts.all().stream().map(KindFacts::name).toList();
      String nearest =
          NearestName.to(field, Stream.concat(paths.stream(), kinds.stream()).toList())
              .orElseGet(() ->
                  NearestName.to(last, paths.stream().map(ExplainCommand::last).toList())
                      .orElse(""));
      near =
          Stream.concat(paths.stream(), kinds.stream())
              .filter(p -> p.equals(nearest) || last(p).equals(nearest))
              .toList();
    }
    return "no field "
        + field
        + (near.isEmpty()
            ? "; 'muster explain' shows those at the top, 'muster kinds' the kinds of faults"
            : "; did you mean "
                + String.join(" or ", near.subList(0, Math.min(MOST_OFFERED, near.size())))
                + "?");
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
