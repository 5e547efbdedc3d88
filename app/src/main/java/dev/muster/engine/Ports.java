package dev.muster.engine;

import dev.muster.drill.Progress;
import dev.muster.timeline.Event;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What a run asks of the world. The command line wires the real ones, tests wire small ones. */
public interface Ports {

  /** A Kubernetes cluster with the drill's target in it. */
  interface Cluster {
    /** Installs or upgrades what the drill deploys, if anything, and waits until it is ready. */
    void deploy(Progress progress);

    /** Chooses the victim and finds out whether the drill can and may be done. Changes nothing. */
    Preflight preflight();

    /** Writes the settings that own the phases of recovery, for the blame. */
    void observeSettings(Consumer<Event> timeline);

    /** Starts the watches; closing the answer ends them. */
    Watch watch(String victim, Consumer<Event> timeline);

    /**
     * Whether all nodes are Ready and the target has all its replicas ready, on at most one API
     * call each.
     */
    boolean whole();

    /** What of Muster's is left in the cluster, and where it could not be looked. */
    Audit audit();
  }

  /**
   * @param refusals reasons not to start, each with what to do; empty means go
   */
  record Preflight(String victim, List<String> refusals, List<String> notes) {}

  record Audit(List<String> residue, List<String> notLookedAt) {}

  interface Watch extends AutoCloseable {
    /** Nodes and their state in a few words, for the live line. */
    String nodeStates();

    @Override
    void close();
  }

  /**
   * One disturbance of one victim. Each method blocks, writes its events, and may be called again.
   */
  interface Fault {
    /**
     * Announces the fault with its undo, injects it, looks for the effect; false if that was not
     * seen.
     */
    boolean inject() throws InterruptedException;

    /**
     * Undoes; true if the undo was verified. Tries to undo even if the journal can not be written.
     */
    boolean revert(String why);
  }

  /** The clients. */
  interface Load {
    void start();

    /** Live figures of the last second for the console. */
    String line();

    /**
     * Share of requests that ended badly in the last so many seconds, 0 to 1; NaN if none ended.
     */
    double errorRatio(Duration last);

    /**
     * No new requests; waits for the running ones at most so long, then every scheduled one has its
     * row.
     */
    void stop(Duration atMost) throws InterruptedException;
  }
}
