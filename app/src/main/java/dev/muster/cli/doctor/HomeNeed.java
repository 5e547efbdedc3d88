package dev.muster.cli.doctor;

import dev.muster.engine.home.Home;
import dev.muster.engine.home.Refusal;
import dev.muster.lab.build.Doctor.Need;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether runs and labs can be kept: a run that cannot write its journal disturbs nothing. */
public final class HomeNeed {
  /** In bytes: some runs with their logs, and the state of a lab. */
  public static final long ROOM = 1_000_000_000L;

  private static final String WHY = "runs, their reports, labs";

  private HomeNeed() {}

  public static Need of(Home home) {
    Path there = home.root();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      home.usable();
      Files.delete(Files.createTempFile(there, ".muster", ""));
      return of(home.root(), there.toFile().getUsableSpace());
    } catch (Refusal e) {
      return need(false, "", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return need(
          false,
          "",
          there
              + " can not be written: "
              + Trouble.why(e)
              + "; set MUSTER_HOME to a folder of yours");
    }
  }

  public static Need of(Path root, long free) {
    String room = Math.floor(free / 1e8) / 10 + " GB free";
    return need(
        free >= ROOM,
        room,
        "free space for " + root + ", or set MUSTER_HOME to a folder with more");
  }

  private static Need need(boolean present, String found, String howToGet) {
    return new Need("MUSTER_HOME", WHY, present, found, howToGet);
  }
}
