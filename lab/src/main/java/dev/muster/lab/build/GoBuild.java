package dev.muster.lab.build;

import dev.muster.drill.port.Progress;
import dev.muster.lab.host.LabException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of Go's compiler over a recipe, told package by package.
 *
 * @param which the how-manieth of all that are compiled now, like "2 of 5"
 */
record GoBuild(Recipe recipe, String which, Progress progress) {
  private static final int TAIL = 20;
  private static final int STEP = 100;

  /**
   * Writes the recipe's programs into a folder.
   *
   * @throws LabException if there is no Go, or it fails; the message has its last lines
   */
  void into(Path folder) {
    String what = "compiling " + recipe.name() + " (" + which + ")";
    progress.say(what + " from source, once");
    Count packages = new Count(stale(), System.nanoTime());
    List<String> tail = new ArrayList<>();
    List<String> command = go("build", "-v");
    command.addAll(List.of("-o", folder + "/", "tool"));
    Process process = start(command, true);
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      int compiled = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        tail.add(line);
        if (tail.size() > TAIL) {
          tail.removeFirst();
        }
        compiled++;
        if (compiled % STEP == 0) {
          progress.say(what + ": " + packages.told(compiled, System.nanoTime()));
        }
      }
      if (process.waitFor() != 0) {
        throw new LabException(
            "compiling " + recipe.name() + " failed:\n" + String.join("\n", tail));
      }
    } catch (IOException e) {
      process.destroy();
      throw new LabException("compiling " + recipe.name() + " failed: " + e.getMessage());
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while compiling " + recipe.name());
    }
  }

  /**
   * How far a build is.
   *
   * @param total packages that it has to compile; 0 if that is not known
   * @param began nanoseconds of the clock
   */
  record Count(int total, long began) {
    private static final long SECOND = 1_000_000_000L;

    /** The compiler is at that package now: those before it tell how long the rest takes. */
    String told(int compiled, long now) {
      if (compiled > total) {
        return compiled + " packages";
      }
      long left = (now - began) / compiled * (total - compiled) / SECOND;
      return "%d of %d packages, about %s left"
          .formatted(compiled, total, left < 100 ? left + " s" : (left + 30) / 60 + " min");
    }
  }

  /** How many packages Go has not compiled before: those that its build names. */
  private int stale() {
    List<String> command = go("list", "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}");
    command.add("tool");
    Process process = start(command, false);
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      long count = lines.lines().filter(l -> !l.isBlank()).count();
      return process.waitFor() == 0 ? Math.toIntExact(count) : 0; // why, the build will tell
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while counting the packages of " + recipe.name());
    }
  }

  private List<String> go(String... verb) {
    List<String> command = new ArrayList<>(List.of("go"));
    command.addAll(List.of(verb));
    command.addAll(List.of("-trimpath", "-ldflags", recipe.linkerFlags()));
    command.addAll(recipe.more());
    return command;
  }

  private Process start(List<String> command, boolean withErrors) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(recipe.folder().toFile());
    builder.environment().put("CGO_ENABLED", "0");
    builder.redirectErrorStream(withErrors);
    if (!withErrors) {
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LabException(
          "Go 1.26 or newer is needed to compile "
              + recipe.name()
              + ", or a bundle that holds it (--bundle FILE|URL); see: muster doctor");
    }
  }
}
