package dev.muster.engine.run;

import dev.muster.drill.Fault;
import dev.muster.drill.port.Progress;
import dev.muster.engine.home.Refusal;
import dev.muster.fault.FaultInjection;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What a run asks of the world. The command line wires the real ones, tests wire small ones. */
public interface Ports {

  /** A Kubernetes cluster with the drill's target in it. */
  interface Cluster extends AutoCloseable {
    /**
     * Takes the cluster for this run alone, until it is closed.
     *
     * @throws Refusal if another drill has it
     */
    void hold(Abort abort, Progress progress) throws InterruptedException;

    /**
     * Installs or upgrades what watches the service and then what the drill deploys, if anything,
     * and waits until it is ready.
     */
    void deploy(Progress progress) throws InterruptedException;

    /**
     * Finds out whether the drill can and may be done. Changes nothing of the service; where agents
     * carry faults, they look at the nodes.
     */
    Preflight preflight() throws InterruptedException;

    /** Writes the settings that own the phases of recovery, for the blame. */
    void observeSettings(Consumer<Event> timeline);

    /** Starts the watches; closing the answer ends them. */
    Watch watch(Consumer<Event> timeline);

    /**
     * Whether all nodes are Ready and the target has all its replicas ready, on at most one API
     * call each.
     */
    boolean whole();

    /**
     * Whether as many nodes are Ready and reachable as before; false where nobody could be asked.
     */
    boolean nodesBack();

    /**
     * What of Muster's is left in the cluster, and where it could not be looked.
     *
     * @param disturbed nodes on which faults were
     */
    Audit audit(Set<String> disturbed) throws InterruptedException;

    /** Removes the run's own pods after a run that was refused. */
    void leave() throws InterruptedException;

    /** Gives the cluster free. */
    @Override
    void close();
  }

  /** Makes the drill's faults on the victims of the moment. */
  interface Faults {
    /**
     * One for each victim, chosen now; none of them has begun.
     *
     * @param nth which time of the fault this is, from 1
     * @param spared victims that are disturbed already
     * @throws RuntimeException if the selector matches nothing now; the message says why
     */
    List<Victim> choose(Fault fault, int nth, Set<ObjectRef.Victim> spared);
  }

  /** Who is disturbed, and by what. */
  record Victim(ObjectRef.Victim object, FaultInjection disturbance) {}

  /**
   * @param victims who would be disturbed now, in words
   * @param refusals reasons not to start, each with what to do; empty means go
   * @param notes what a person should see before it starts, line by line
   */
  record Preflight(List<String> victims, List<String> refusals, List<String> notes) {}

  /**
   * @param notLookedAt where a fault was, or may have been, and nobody could look
   * @param passedOver where no fault was and nobody looked
   */
  record Audit(List<String> residue, List<String> notLookedAt, List<String> passedOver) {}

  interface Watch extends AutoCloseable {
    /** Nodes and their state in a few words, for the live line. */
    String nodeStates();

    /** To be told before a node is disturbed, so that what it carries is known to be lost. */
    void victimNode(ObjectRef.Node node);

    /** To be told before a pod is disturbed. */
    void victimPod(ObjectRef.Pod pod);

    @Override
    void close();
  }

  /**
   * @param why how many failed in the same way, and where, in words without secrets
   * @param lasting the server turned every single request down: waiting changes nothing
   */
  record Failed(String why, boolean lasting) {}

  /** The clients. */
  interface Load extends AutoCloseable {
    /**
     * Begins, as soon as all who send are there.
     *
     * @throws Refusal if they do not come; nothing was sent then
     */
    void start() throws InterruptedException;

    /** Live figures of the last second for the console. */
    String line();

    /**
     * Share of requests that ended badly in the last so many seconds, 0 to 1; NaN if none ended.
     */
    double errorRatio(Duration last);

    /** Why most of those that failed in the last so long did; empty if none failed. */
    Optional<Failed> failed(Duration last);

    /**
     * No new requests; waits for the running ones at most so long, then every scheduled one has its
     * row.
     */
    void stop(Duration atMost) throws InterruptedException;

    /** Gives connections back. */
    @Override
    void close();
  }
}
