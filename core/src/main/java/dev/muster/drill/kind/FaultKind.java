package dev.muster.drill.kind;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Fields;
import dev.muster.drill.field.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a fault does, with its own parameters. A new kind is one record beside this file, with a
 * {@code KIND} that a drill file is read by, and a word in the list below; {@link Kinds} finds it
 * there.
 */
public sealed interface FaultKind
    permits NodeShutdown,
        NodeNetwork,
        NetworkPolicy,
        CpuStress,
        MemoryStress,
        DiskFill,
        ProcessKill,
        ProcessPause,
        KubeletStop,
        PodKill,
        NodeDrain,
        DnsFailure,
        NetworkDelay,
        NetworkLoss,
        LlmFault,
        Rollout,
        Scale {

  /** What the rest of Muster asks of a kind; what is not said does not hold. */
  enum Trait {
    /** Its victims are pods, not nodes. */
    OF_PODS,
    /** Its victims are Deployments and StatefulSets; no node and no pod is anybody's victim. */
    OF_WORKLOADS,
    /** Done on the node by an agent; the others go through the API server or the power provider. */
    BY_AGENT,
    /** The pod does it itself when it is asked, so it is asked beforehand whether it would. */
    BY_POD,
    /** No agent carries it, but pods of the run's own end it or look. */
    OWN_PODS,
    /** Needs netem in the node's kernel. */
    NETEM,
    /** Done in a moment, of which nothing lasts and nothing is undone: it may be repeated. */
    INSTANT,
    /** Over by itself at once: its duration is only looked at. */
    ENDS_ITSELF,
    /**
     * Takes its time, and others decide how long: it lasts from when it was seen to be done, and
     * that it was not done in its time is told of them.
     */
    GRADUAL,
    /** Switches the node off, with everything on it. */
    CUTS_POWER,
    /** What runs on the node is lost to everybody else, who make it anew. */
    TAKES_NODE,
    /**
     * Empties the node by the Eviction API: its pods need room elsewhere, and budgets are asked.
     */
    EVICTS_PODS,
    /** Kubernetes hears no more of the node. */
    SILENCES_NODE,
    /** What runs on the node goes on talking to what runs elsewhere. */
    SPARES_PEERS,
    /** What runs on its victims of one zone goes on talking to one another. */
    SPARES_ZONE,
    /** After it somebody else makes a pod anew. */
    REPLACES_PODS,
    /** Leaves every pod where it is, and Ready. */
    SPARES_PODS,
    /** Deletes its pods, and their files with them. */
    DELETES_PODS
  }

  /** Which packets of a network fault: those the victim sends, receives, or both. */
  enum Direction {
    TO,
    FROM,
    BOTH;

    public boolean to() {
      return this != FROM;
    }

    public boolean from() {
      return this != TO;
    }

    static Direction of(FaultYaml yaml) {
      return valueOf(yaml.text("direction", "both").toUpperCase(Locale.ROOT));
    }

    String words() {
      return switch (this) {
        case TO -> "what it sends";
        case FROM -> "what it receives";
        case BOTH -> "both directions";
      };
    }
  }

  /** Where stress competes: as a daemon of the node, or as a process of a pod's container. */
  enum Place {
    NODE,
    POD;

    static Place of(FaultYaml yaml) {
      return Fields.inPod(yaml) ? POD : NODE;
    }

    List<String> words(String what, List<String> containers) {
      return this == NODE ? List.of(what) : List.of(what, Fields.containers("in", containers));
    }
  }

  Set<Trait> traits();

  /** What a plan says of its own fields, defaults too. */
  List<String> words();

  default boolean is(Trait trait) {
    return traits().contains(trait);
  }

  /** As in the drill file. */
  default String word() {
    return getClass().getSimpleName();
  }

  default boolean ofPods() {
    return is(Trait.OF_PODS);
  }

  default boolean ofWorkloads() {
    return is(Trait.OF_WORKLOADS);
  }

  /** Neither pods nor workloads: whoever is taken is a node. */
  default boolean ofNodes() {
    return !ofPods() && !ofWorkloads();
  }

  default boolean byAgent() {
    return is(Trait.BY_AGENT);
  }

  /** Whether pods of the run's own are made for it. */
  default boolean needsPods() {
    return byAgent() || is(Trait.OWN_PODS);
  }

  /** Repeated so often until the fault's duration is over; null: once. */
  default @Nullable Duration every() {
    return null;
  }

  /** The time that it gives a pod to end. */
  default Duration gracePeriod() {
    return Duration.ZERO;
  }

  /** The pods from which its victims are cut off, where it means such. */
  default @Nullable Selector otherPods() {
    return null;
  }

  /** For a plan, of a kind that is done in a moment. */
  static List<String> repeated(String what, @Nullable Duration every) {
    return every == null ? List.of(what) : List.of(what, "again every " + DurationText.of(every));
  }
}
