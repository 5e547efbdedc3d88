package dev.muster.lab.node;

import dev.muster.lab.host.ProcessId;
import org.jspecify.annotations.Nullable;

/**
 * A node of a lab.
 *
 * @param number 1 and up; gives its addresses
 * @param holder the process that holds the node's namespaces together, null while it is off
 */
public record Node(
    int number, String name, String zone, String address, String pods, @Nullable ProcessId holder) {

  public boolean ops() {
    return name.equals(LabSpec.OPS);
  }

  Node with(@Nullable ProcessId newHolder) {
    return new Node(number, name, zone, address, pods, newHolder);
  }
}
