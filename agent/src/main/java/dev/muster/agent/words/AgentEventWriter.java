package dev.muster.agent.words;

import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The agent's words: one JSON object a line on standard output, which the kubelet keeps on the node
 * until somebody can read it, and in the fault's folder on the node. Safe for several threads.
 */
public final class AgentEventWriter {
  private final PrintStream out;
  private final InstantSource clock;
  private @Nullable Path folder;

  public AgentEventWriter(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  /**
   * From now on the lines go into a file of this folder as well, as long as the folder is there.
   */
  public synchronized void alsoTo(Path folder) {
    this.folder = folder;
  }

  public synchronized void say(AgentEvent event) {
    String line = new AgentLine(clock.instant(), event).json();
    out.println(line);
    out.flush();
    Path evidence = folder;
    if (evidence != null && Files.isDirectory(evidence)) {
      try {
        Files.writeString(
            evidence.resolve("evidence.jsonl"),
            line + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        folder = null; // a full disk is no reason to fail; standard output has the line
      }
    }
  }

  public static UncheckedIOException failed(String what, IOException e) {
    return new UncheckedIOException(what + ": " + e.getMessage(), e);
  }
}
