package dev.muster.chaosmesh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** pod-kill and container-kill. */
final class PodChaos {
  private PodChaos() {}

  static Chaos read(Document document, Fields spec) {
    Map<String, Object> fault = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    String action = spec.text("action", "");
    fault.put("kind", action.equals("container-kill") ? "ProcessKill" : "PodKill");
    Victims.read(document, spec, fault, notes);
    Integer gracePeriod = spec.number("gracePeriod");
    List<String> containers = spec.containers("containerNames");
    switch (action) {
      case "pod-kill" -> {
        fault.put("gracePeriod", (gracePeriod == null ? 0 : gracePeriod) + "s");
        refuseNames(spec, containers, action);
      }
      case "container-kill" -> {
        if (containers.isEmpty()) {
          spec.lacks("containerNames", "container-kill needs them");
        }
        fault.put("containers", containers);
        refuseGrace(spec, gracePeriod, action);
      }
      case "pod-failure" ->
          spec.refuseValue(
              "action",
              "pod-failure puts another image into the containers, so that connections to them are"
                  + " refused; Muster changes no pod. ProcessPause (connections hang) and"
                  + " ProcessKill with \"every\" (refused, but the kubelet waits longer each time)"
                  + " are near it: choose one in a drill of your own");
      default -> {} // the schema has complained
    }
    return new Chaos(List.of(fault), notes, null, true);
  }

  private static void refuseNames(Fields spec, List<String> containers, String action) {
    if (!containers.isEmpty()) {
      spec.refuse("containerNames", action + " meets the whole pod; container-kill takes it");
    }
  }

  private static void refuseGrace(Fields spec, @Nullable Integer gracePeriod, String action) {
    if (gracePeriod != null && gracePeriod > 0) {
      spec.refuse("gracePeriod", action + " kills at once; pod-kill takes it");
    }
  }
}
