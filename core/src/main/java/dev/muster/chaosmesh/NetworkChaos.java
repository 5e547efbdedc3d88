package dev.muster.chaosmesh;

import dev.muster.source.Addresses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** partition, by a NetworkPolicy; what shapes packets is refused. */
final class NetworkChaos {
  private static final List<String> SHAPES =
      List.of("delay", "loss", "duplicate", "corrupt", "rate", "bandwidth");

  private NetworkChaos() {}

  static Chaos read(Document document, Fields spec) {
    Map<String, Object> fault = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    fault.put("kind", "NetworkPolicy");
    notes.add(
        "A NetworkPolicy decides when a connection is opened: one that is open may live on, which"
            + " Chaos Mesh would cut.");
    Victims.read(document, spec, fault, notes);
    String action = spec.text("action", "");
    if (!action.equals("partition") && !action.isEmpty()) {
      spec.refuseValue(
          "action",
          action
              + " shapes the packets of single pods, and Muster has faults of whole nodes only"
              + " (NetworkDelay, NetworkLoss), which would meet every other pod there too");
    }
    for (String shape : SHAPES) {
      spec.refuse(
          shape,
          action.equals("partition")
              ? "action partition takes none"
              : "Muster shapes no packets of single pods");
    }
    for (String device : List.of("device", "targetDevice")) {
      spec.refuse(device, "a NetworkPolicy knows pods and addresses, no network devices");
    }
    direction(spec, fault, notes);
    target(document, spec, fault);
    addresses(spec, fault);
    return new Chaos(List.of(fault), notes, null, false);
  }

  private static void direction(Fields spec, Map<String, Object> fault, List<String> notes) {
    String direction = spec.text("direction", "to"); // Chaos Mesh's default
    fault.put("direction", direction);
    if (!direction.equals("both")) {
      notes.add(
          "Direction "
              + direction
              + ": the pods can not open connections that way; those opened from the other side"
              + " work, while Chaos Mesh would drop their packets that go this way. \"both\" cuts"
              + " these too.");
    }
  }

  private static void target(Document document, Fields spec, Map<String, Object> fault) {
    if (!spec.has("target")) {
      return;
    }
    Fields target = spec.mapping("target");
    String mode = target.text("mode", "all");
    if (!mode.equals("all")) {
      target.refuseValue(
          "mode", "Muster cuts the pods off from all that the target's selector finds; use all");
    }
    if (target.text("value") != null) {
      target.refuse("value", "mode all takes none");
    }
    fault.put("peerSelector", Victims.selector(document, target.mapping("selector")));
    target.close();
  }

  private static void addresses(Fields spec, Map<String, Object> fault) {
    List<String> addresses = spec.texts("externalTargets");
    if (addresses.isEmpty()) {
      return;
    }
    if (spec.has("target")) {
      spec.refuse(
          "externalTargets",
          "with \"target\" beside it; Muster's NetworkPolicy cuts off pods or addresses, not both");
      return;
    }
    for (int i = 0; i < addresses.size(); i++) {
      if (!Addresses.isRange(addresses.get(i))) {
        spec.refuseEntry(
            "externalTargets",
            i,
            "\""
                + addresses.get(i)
                + "\" is refused: a NetworkPolicy knows IPv4 addresses and ranges such as"
                + " 10.0.0.0/8, no names or ports");
      } else {
        int at = i;
        Addresses.flawOfRange(addresses.get(i))
            .ifPresent(flaw -> spec.refuseEntry("externalTargets", at, flaw));
      }
    }
    fault.put("cidrs", addresses);
  }
}
