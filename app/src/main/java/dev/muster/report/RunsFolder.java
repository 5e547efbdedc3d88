package dev.muster.report;

import java.nio.file.Path;

public final class RunsFolder {
  public static Path find(Path runs, String id) {
    return runs.resolve(id);
  }
}
