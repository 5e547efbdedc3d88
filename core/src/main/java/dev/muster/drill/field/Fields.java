package dev.muster.drill.field;

import dev.muster.source.Addresses;
import dev.muster.source.MinimumAmount;
import dev.muster.source.SelectorRules;
import java.time.Duration;
import java.util.List;

/** Fields that several kinds of faults take. */
public final class Fields {
  private static final String RANGE = "([0-9]{1,3}\\.){3}[0-9]{1,3}(/[0-9]{1,2})?";

  public static final Field FOLLOW =
      Field.flag("follow", "pods that come while it lasts become victims too");

  public static final Field CIDRS =
      Field.of(
              "cidrs",
              """
              {"type": "array", "minItems": 1, "items": {
                "title": "an address or range such as 10.0.0.0/8", "type": "string", "pattern": "^%s$"}}
              """
                  .formatted(RANGE.replace("\\", "\\\\")),
              "IPv4 addresses and ranges, instead of peers or peerSelector")
          .sense(Fields::ranges);

  public static final Field DIRECTION =
      Field.word(
          "direction",
          "packets that the victim sends (to), receives (from), or both; both if left out",
          "to",
          "from",
          "both");

  public static final Field IN =
      Field.word(
          "in",
          "node: as a daemon of the node; pod: in a container, against its own limit; node if left out",
          "node",
          "pod");

  public static final Field CONTAINERS =
      Field.defined("containers", "strings", "names of containers; the pod's first if left out")
          .sense(Fields::containers);

  public static final Field SIZE =
      Field.defined("size", "amount", "how much is taken; a percentage: until so much is in use")
          .sense(Fields::size);

  public static final Field UNTIL =
      Field.word(
          "until",
          "taken until the kubelet reports this pressure",
          "MemoryPressure",
          "DiskPressure");

  public static final Field GRACE_PERIOD =
      Field.duration(
              "gracePeriod",
              "0s deletes at once; if left out 30s for PodKill, the pod's own for NodeDrain")
          .sense(Fields::wholeSeconds);

  public static final Duration TIMEOUT_IF_LEFT_OUT = Duration.ofMinutes(5);

  public static final Field TIMEOUT =
      Field.duration("timeout", "so long the cluster has to do it, or it is undone; 5m if left out")
          .sense((yaml, field) -> {
            Duration timeout = yaml.duration(field);
            if (timeout != null && timeout.isZero()) {
              yaml.refuse(field, "a timeout of 0s is over before anything is done");
            }
          });

  private Fields() {}

  /** What takes its time must not be undone by its ttl while it is still waited for, or held. */
  public static void heldAfterTimeout(FaultYaml fault) {
    Duration timeout = fault.duration("timeout", TIMEOUT_IF_LEFT_OUT);
    Duration duration = fault.duration("duration");
    Duration ttl = fault.duration("ttl");
    if (duration != null && ttl != null && ttl.compareTo(timeout.plus(duration)) < 0) {
      fault.refuse(
          "ttl",
          "ttl %s is shorter than timeout %s and duration %s together: %s could be undone before it has lasted; make ttl at least %s"
              .formatted(
                  DurationText.of(ttl),
                  DurationText.of(timeout),
                  DurationText.of(duration),
                  fault.kind(),
                  DurationText.of(timeout.plus(duration))));
    }
  }

  private static void wholeSeconds(FaultYaml fault, String field) {
    Duration grace = fault.duration(field);
    if (grace != null && grace.toMillisPart() != 0) {
      fault.refuse(field, "a grace period is counted in whole seconds");
    }
  }

  private static void ranges(FaultYaml fault, String field) {
    List<String> ranges = fault.list(field);
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).matches(RANGE)) {
        String place = field + "/" + i;
        Addresses.flawOfRange(ranges.get(i)).ifPresent(flaw -> fault.refuse(place, flaw));
      }
    }
  }

  private static void containers(FaultYaml fault, String field) {
    List<String> names = fault.list(field);
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).isBlank() && !SelectorRules.isWord(names.get(i))) {
        fault.refuse(
            field + "/" + i,
            "no container has such a name: it is lower-case letters, digits and '-'");
      }
    }
  }

  private static void size(FaultYaml fault, String field) {
    String size = fault.text(field, "");
    if (size.matches("[1-9][0-9]{0,8}%") && !size.matches("[1-9][0-9]?%|100%")) {
      fault.refuse(field, "more than 100% can not be taken");
    } else if (size.matches("[1-9][0-9]{0,8}[KMG]i?B?")) {
      Long bytes = Amount.of(size).bytes();
      MinimumAmount.size(bytes == null ? 0 : bytes).ifPresent(why -> fault.refuse(field, why));
    }
  }

  /** Of size or until one is given, and the pressure is that of what is taken. */
  public static void sizeOrUntil(FaultYaml fault, String pressure) {
    fault.exclusive("size", "until");
    if (!fault.has("size") && !fault.has("until")) {
      fault.lacks("size");
    }
    String said = fault.text("until", "");
    if (!said.isEmpty() && !said.equals(pressure)) {
      fault.refuse("until", fault.kind() + " can only lead to " + pressure + ", not " + said);
    }
  }

  /** What is said of containers needs a pod, and pressure is the node's. */
  public static void stress(FaultYaml fault) {
    boolean pod = inPod(fault);
    for (String name : pod ? List.of("until") : List.of("containers", "follow")) {
      if (fault.has(name)) {
        fault.refuseKey(
            name,
            pod
                ? "in a pod " + fault.kind() + " takes no \"" + name + "\": pressure is a node's"
                : "\"" + name + "\" goes with \"in: pod\"; on a node there is none");
      }
    }
  }

  /** Stress is in one cgroup. */
  public static void oneContainer(FaultYaml fault) {
    if (fault.list("containers").size() > 1) {
      fault.refuse(
          "containers/1",
          fault.kind()
              + " is of one container of each pod; write a fault for each, in a \"parallel\" part");
    }
  }

  public static boolean inPod(FaultYaml fault) {
    return fault.text("in", "").equals("pod");
  }

  /** For a plan. */
  public static String containers(String how, List<String> containers) {
    return how
        + (containers.isEmpty()
            ? " the first container"
            : " container " + String.join(", ", containers));
  }
}
