package dev.muster.cli;

import dev.muster.drill.Drill;
import dev.muster.drill.DrillException;
import dev.muster.drill.DrillSource;
import dev.muster.load.TlsFiles;
import dev.muster.source.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a drill's load needs of the machine that it runs on. */
final class LoadNeed {
  private LoadNeed() {}

  /**
   * @throws DrillException if a variable of a header is not set, or a file can not be used
   */
  static void check(DrillSource source, Drill drill, Map<String, String> environment) {
    if (drill.load() == null) {
      return;
    }
    var request = drill.load().request();
    List<Problem> problems = new ArrayList<>();
    request
        .variables()
        .filter(name -> environment.getOrDefault(name, "").isEmpty())
        .forEach(name ->
            problems.add(
                source.problem(
                    "/load/request/headers",
                    "the headers need the environment variable " + name + ", which is not set")));
    try {
      TlsFiles.context(request.tls());
    } catch (IllegalArgumentException e) {
      problems.add(source.problem("/load/request/tls", String.valueOf(e.getMessage())));
    }
    if (!problems.isEmpty()) {
      throw new DrillException(problems);
    }
  }
}
