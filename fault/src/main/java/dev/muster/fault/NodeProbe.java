package dev.muster.fault;

import java.time.Instant;
import java.util.Optional;

/** What can be observed of a node without the provider of its power. */
public interface NodeProbe {

  /** renewTime of the node's lease, on the node's clock. */
  Optional<Instant> lastRenewal(String node);

  /** Whether the kubelet answers. False also where it can not be asked. */
  boolean reachable(String node);
}
