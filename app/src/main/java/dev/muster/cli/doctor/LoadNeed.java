package dev.muster.cli.doctor;

import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillSource;
import dev.muster.load.api.TlsFiles;
import dev.muster.load.prompt.PromptFile;
import dev.muster.load.schedule.Schedule;
import dev.muster.source.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** What a drill's load needs of the machine that it runs on. */
public final class LoadNeed {
  private LoadNeed() {}

  /**
   * @throws DrillException if a variable of a header is not set, or a file cannot be used
   */
  public static void check(DrillSource source, Drill drill, Map<String, String> environment) {
    if (drill.load() == null) {
      return;
    }
    List<Problem> problems = new ArrayList<>();
    check(drill.load(), environment, (pointer, why) -> problems.add(source.problem(pointer, why)));
    if (!problems.isEmpty()) {
      throw new DrillException(problems);
    }
    var _ = Schedule.of(drill.load().arrivals(), drill.load().seed()); // reads a trace
  }

  /**
   * @param problem takes a pointer into a drill and what is wrong there
   */
  public static void check(
      Drill.Load load, Map<String, String> environment, BiConsumer<String, String> problem) {
    var request = load.request();
    request
        .variables()
        .filter(name -> environment.getOrDefault(name, "").isEmpty())
        .forEach(name ->
            problem.accept(
                "/load/request/headers",
                "the headers need the environment variable " + name + ", which is not set"));
    try {
      var _ = TlsFiles.context(request.tls());
    } catch (IllegalArgumentException e) {
      problem.accept("/load/request/tls", String.valueOf(e.getMessage()));
    }
    for (int i = 0; i < load.prompts().size(); i++) {
      var file = load.prompts().get(i).file();
      if (file != null) {
        try {
          PromptFile.check(file);
        } catch (IllegalArgumentException e) {
          problem.accept("/load/prompts/" + i + "/file", String.valueOf(e.getMessage()));
        }
      }
    }
  }
}
